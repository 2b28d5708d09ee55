#include "standin_world.h"

#include "hyperv/device_keys.h"
#include "platform/process.h"
#include "support/strings.h"
#include "transport/sim/sim_host.h"
#include "transport/wmi_com/ports/config_manager.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace exhyperv::standins {

namespace {

namespace key = hyperv::device_key;
namespace cr = wmi_com::cr;

constexpr std::uint32_t kFailure = 0x13; // CR_FAILURE

CallContext in_time() {
    return CallContext::within(std::chrono::minutes(1));
}

std::uint32_t code_of(const Error& error) {
    if (error.code == "device.not_found") return cr::no_such_devnode;
    if (error.code == "device.not_disableable") return cr::not_disableable;
    if (error.code == "device.access_denied") return cr::access_denied;
    return kFailure;
}

/// What a stand-in cannot go on with ends the program, and says why: a test must not take it for an answer of the
/// product.
[[noreturn]] void give_up(const Error& error) {
    std::fprintf(stderr, "stand-in: %s\n", describe(error).c_str());
    std::abort();
}

host::DeviceQuery everything() {
    host::DeviceQuery query;
    query.properties = {
        key::kDeviceDesc, key::kService,  key::kClass,         key::kManufacturer,        key::kFriendlyName,
        key::kBusNumber,  key::kAddress,  key::kLocationPaths, key::kDriverDate,          key::kDriverVersion,
        key::kDriverInf,  key::kParent,   key::kPciDeviceType, key::kPciBaseClass,        key::kPciSubClass,
        key::kPciProgIf,  key::kPciAcsUp, key::kPciBarTypes,   key::kPciInterruptSupport, key::kPciReservedMemory};
    query.resources = true;
    return query;
}

} // namespace

World& World::instance() {
    static World world;
    return world;
}

World::World() {
    const auto setting = [](const char* name) { return platform::environment(name).value_or(""); };
    sim::SimOptions options;
    if (auto scenario = setting("EXHYPERV_WMI_SCENARIO"); !scenario.empty()) options.scenario = std::move(scenario);
    options.data_directory = setting("EXHYPERV_WMI_DATA");
    options.in_memory = options.data_directory.empty();
    options.fault_script = setting("EXHYPERV_WMI_FAULTS");
    auto host = sim::make_host(options);
    if (!host) give_up(host.error());
    host_ = std::move(*host);
}

std::uint32_t World::add(host::DeviceRecord record) {
    for (std::size_t i = 0; i < known_.size(); ++i)
        if (iequals(known_[i].node.instance_path, record.node.instance_path)) {
            known_[i] = std::move(record);
            return static_cast<std::uint32_t>(i + 1);
        }
    known_.push_back(std::move(record));
    return static_cast<std::uint32_t>(known_.size());
}

std::uint32_t World::refresh() {
    auto records = host_->devices().list(everything(), in_time());
    if (!records) return code_of(records.error());
    const std::lock_guard lock(mutex_);
    listed_.clear();
    for (auto& record : *records) {
        listed_.push_back(record.node.instance_path);
        add(std::move(record));
    }
    return cr::success;
}

std::vector<std::string> World::paths() {
    const std::lock_guard lock(mutex_);
    return listed_;
}

std::uint32_t World::number_of(const std::string& instance_path, bool phantoms) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < known_.size(); ++i)
        if (iequals(known_[i].node.instance_path, instance_path))
            return known_[i].node.present || phantoms ? static_cast<std::uint32_t>(i + 1) : 0;
    return 0;
}

std::optional<host::DeviceRecord> World::record(std::uint32_t number) {
    const std::lock_guard lock(mutex_);
    if (number == 0 || number > known_.size()) return std::nullopt;
    return known_[number - 1];
}

std::uint32_t World::set_enabled(std::uint32_t number, bool enabled) {
    const auto found = record(number);
    if (!found) return cr::no_such_devnode;
    const auto& path = found->node.instance_path;
    const auto done = enabled ? host_->devices().enable(path, in_time()) : host_->devices().disable(path, in_time());
    return done ? cr::success : code_of(done.error());
}

std::uint32_t World::refresh_disks() {
    auto disks = host_->devices().disks(in_time());
    if (!disks) return code_of(disks.error());
    const std::lock_guard lock(mutex_);
    disks_ = std::move(*disks);
    for (const auto& disk : disks_) {
        host::DeviceRecord record;
        record.node.instance_path = disk_instance(disk.number);
        record.node.present = true;
        record.node.properties = {{key::kFriendlyName, disk.name}, {key::kParent, disk.parent_instance_path}};
        add(std::move(record));
    }
    return cr::success;
}

std::vector<host::HostDevices::Disk> World::disks() {
    const std::lock_guard lock(mutex_);
    return disks_;
}

std::uint32_t World::set_disk_online(std::uint32_t disk, bool online) {
    const auto done = host_->devices().set_disk_online(disk, online, in_time());
    return done ? refresh_disks() : code_of(done.error());
}

std::string disk_interface(std::uint32_t disk) {
    return "\\\\?\\SIMDISK#" + std::to_string(disk);
}

std::string disk_instance(std::uint32_t disk) {
    return "SCSI\\SIMULATED_DISK\\" + std::to_string(disk);
}

} // namespace exhyperv::standins

#include "world.h"

#include "hyperv/lookup.h"
#include "hyperv/pci_devices.h"
#include "hyperv/power.h"
#include "hyperv/vms.h"
#include "support/strings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>

namespace exhyperv::assign {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDevices = R"J(
  {"id": "gpu", "pci": "VEN_10DE&DEV_1EB1&SUBSYS_12A010DE&REV_A1", "instance": "4&22525BED&0&0018",
   "name": "NVIDIA Quadro RTX 4000", "manufacturer": "NVIDIA", "class": "Display", "service": "nvlddmkm",
   "location": "PCIROOT(90)#PCI(0000)#PCI(0000)", "bus": 145,
   "memory": [{"mib": 16}, {"mib": 8192, "high": true}, {"mib": 32, "high": true}], "gpu": {}},
  {"id": "audio", "pci": "VEN_10DE&DEV_10F8&SUBSYS_12A010DE&REV_A1", "instance": "4&22525BED&0&0118",
   "name": "High Definition Audio Controller", "manufacturer": "Microsoft", "class": "MEDIA", "service": "HDAudBus",
   "location": "PCIROOT(90)#PCI(0000)#PCI(0001)", "bus": 145, "memory": [{"kib": 16}]},
  {"id": "bmc", "pci": "VEN_1A03&DEV_2000&SUBSYS_20001A03&REV_41", "instance": "5&13B1B5D0&0&000000E7",
   "name": "Microsoft Basic Display Adapter", "class": "Display", "service": "BasicDisplay",
   "location": "PCIROOT(0)#PCI(1C07)#PCI(0000)#PCI(0000)", "bus": 4, "device_type": 0, "interrupts": "line",
   "memory": [{"mib": 64}]},
  {"id": "system", "pci": "VEN_144D&DEV_A808&SUBSYS_A801144D&REV_00", "instance": "4&37A9E9B&0&0018",
   "name": "Standard NVM Express Controller", "class": "SCSIAdapter", "service": "stornvme",
   "location": "PCIROOT(0)#PCI(1A00)#PCI(0000)", "bus": 3, "memory": [{"kib": 16}], "can_disable": false},
  {"id": "storage", "pci": "VEN_8086&DEV_0A54&SUBSYS_00048086&REV_00", "instance": "5&2F1B2A9&0&0010",
   "name": "Data NVM Express Controller", "class": "SCSIAdapter", "service": "stornvme",
   "location": "PCIROOT(40)#PCI(0100)#PCI(0000)", "bus": 65, "memory": [{"kib": 16}]},
  {"id": "usb", "pci": "VEN_8086&DEV_A1AF&SUBSYS_72708086&REV_09", "instance": "3&11583659&0&A0",
   "name": "Host xHCI Controller", "class": "USB", "service": "USBXHCI", "location": "PCIROOT(0)#PCI(1400)", "bus": 0,
   "device_type": 4, "memory": [{"kib": 64}],
   "children": [{"path": "USB\\VID_046D&PID_C31C\\5&1", "name": "USB Keyboard", "class": "Keyboard"}]},
  {"id": "nic", "pci": "VEN_8086&DEV_1572&SUBSYS_00088086&REV_02", "instance": "4&98A2C1&0&0008",
   "name": "Ethernet Controller X710", "class": "Net", "service": "i40ea", "location": "PCIROOT(40)#PCI(0300)#PCI(0000)",
   "bus": 66, "memory": [{"mib": 8, "high": true}], "mitigations": true})J";

constexpr const char* kRest = R"J(,
 "disks": [
  {"number": 0, "name": "System SSD", "controller": "system", "system": true, "boot": true, "paging": true},
  {"number": 1, "name": "Data SSD A", "controller": "storage"},
  {"number": 2, "name": "Data SSD B", "controller": "storage", "online": false}],
 "vms": [
  {"name": "alpha", "state": "off", "memory_mib": 4096, "dynamic_memory": true, "guest": {"build": 26100}},
  {"name": "beta", "state": "off", "memory_mib": 2048, "settings": {"stop_action": "shut_down", "checkpoints": "standard"}},
  {"name": "busy", "state": "running", "memory_mib": 2048, "guest": {"build": 26100, "shutdown_ms": 0}}]})J";

std::string scenario_of(const WorldSpec& spec) {
    return R"({"title": "test", "host": {"name": "TESTHOST", "build": )" + std::to_string(spec.build) +
           (spec.server ? R"(, "os": "Microsoft Windows Server", "product": "server", "sku": 8)"
                        : R"(, "os": "Microsoft Windows 11 Pro", "product": "workstation", "sku": 48)") +
           (spec.iommu ? "" : R"(, "iommu": false, "iommu_reasons": ["No chipset support."])") +
           R"(, "memory_mib": 65536, "address_bits": 46}, "tuning": {"answers": ")" + spec.answers +
           R"(", "job_ms": 0, "lag_ms": )" + std::to_string(spec.lag.count()) + R"(}, "devices": [)" + kDevices +
           spec.devices + "]" + kRest;
}

Error or_throw(const Error& error) {
    throw std::runtime_error(describe(error));
}

} // namespace

World::World(const WorldSpec& spec) : spec_(spec) {
    const fs::path base = fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
    std::random_device random;
    do
        directory_ = (base / ("exhyperv-device-" + std::to_string(random()))).string();
    while (!fs::create_directory(directory_));
    if (!spec.fault_script.empty()) std::ofstream(directory_ + "/faults.json") << spec.fault_script;
}

World::~World() {
    host_.reset();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

sim::SimHost& World::host() {
    if (!host_) {
        sim::SimOptions options;
        options.scenario = "test";
        options.scenario_text = scenario_of(spec_);
        options.in_memory = !spec_.on_disk;
        if (spec_.on_disk) options.data_directory = directory_ + "/data";
        options.clock = spec_.clock;
        options.uri = "sim:test";
        if (!spec_.fault_script.empty()) options.fault_script = directory_ + "/faults.json";
        auto host = sim::make_host(options);
        if (!host) or_throw(host.error());
        host_ = std::move(*host);
    }
    return dynamic_cast<sim::SimHost&>(*host_);
}

void World::become(const World& other) {
    host_.reset();
    const std::string script = directory_ + "/faults.json";
    for (const char* part : {"/data", "/state"}) {
        fs::remove_all(directory_ + part);
        if (fs::exists(other.directory_ + part))
            fs::copy(other.directory_ + part, directory_ + part, fs::copy_options::recursive);
    }
}

Result<Plan> World::plan_assign(const std::vector<std::string>& devices, const std::string& vm,
                                DeviceAssignRequest request) {
    request.devices = devices;
    request.vm = vm;
    return plan_device_assign(environment(), request, in_time());
}

Result<Plan> World::plan_return(const std::vector<std::string>& devices, DeviceReturnRequest request) {
    request.devices = devices;
    return plan_device_return(environment(), request, in_time());
}

Result<Plan> World::plan_recover(DeviceRecoverRequest request) {
    return plan_device_recover(environment(), request, in_time());
}

Result<OperationResult> World::run(const Result<Plan>& plan) {
    if (!plan) return fail(plan.error());
    return execute(environment(), *plan, {}, in_time());
}

model::Vm World::vm(const std::string& name) {
    auto vms = hyperv::list_vms(host().cim(), in_time());
    if (!vms) or_throw(vms.error());
    auto vm = hyperv::find_vm(*vms, name);
    if (!vm) or_throw(vm.error());
    return *vm;
}

model::PciDevice World::device(const std::string& pure_id) {
    auto devices = hyperv::list_pci_devices(host(), in_time());
    if (!devices) or_throw(devices.error());
    for (const auto& one : *devices)
        if (iequals(one.pure_id, pure_id)) return one;
    throw std::runtime_error("no device " + pure_id);
}

std::string World::start(const std::string& name) {
    const Guid id = vm(name).id;
    const auto started = hyperv::start(host().cim(), id, in_time());
    if (!started) return describe(started.error()) + " " + started.error().provider_text;
    if (const auto off = hyperv::turn_off(host().cim(), id, in_time()); !off) or_throw(off.error());
    return {};
}

void World::intervene(const std::function<void(sim::World&)>& change) {
    if (const auto done = host().intervene(change); !done) or_throw(done.error());
}

std::string outcome_text(const Result<OperationResult>& result) {
    if (!result) return describe(result.error());
    constexpr const char* names[] = {"done", "nothing to do", "undone", "partly undone"};
    std::string text = names[static_cast<int>(result->outcome)];
    if (result->error) text += ": " + describe(*result->error) + " " + result->error->provider_text;
    for (const Error& error : result->undo_errors)
        text += "; undo: " + describe(error) + " " + error.provider_text;
    return text;
}

} // namespace exhyperv::assign

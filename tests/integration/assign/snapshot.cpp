#include "snapshot.h"

#include "guest/guest_disk.h"
#include "guest/transaction.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/host_facts.h"
#include "hyperv/vms.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

namespace exhyperv::assign {

namespace {

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

void add_tree(guest::GuestVolume& volume, const std::string& directory, std::string& text) {
    for (const auto& info : must(volume.list(directory))) {
        const std::string path = directory.empty() ? info.name : directory + "\\" + info.name;
        const bool ours = info.name == "exhyperv-manifest.json" || path == "Windows\\System32\\config\\SYSTEM";
        const bool plain = !info.directory && info.reparse_tag == 0 && !ours;
        text += fmt::format("{} {} {:x} {} {}\n", path, plain ? info.size : 0, info.attributes,
                            plain ? info.modified : 0, info.link_target);
        if (info.directory && info.reparse_tag == 0) add_tree(volume, path, text);
    }
}

void add_key(const guest::Hive& hive, const std::string& key, std::string& text) {
    text += "[" + key + "]\n";
    for (const auto& value : must(hive.values(key))) {
        text += fmt::format("{} {} ", value.name, value.type);
        for (const std::byte byte : value.data)
            text += fmt::format("{:02x}", static_cast<unsigned>(byte));
        text += "\n";
    }
    for (const std::string& child : must(hive.subkeys(key)))
        add_key(hive, key.empty() ? child : key + "\\" + child, text);
}

} // namespace

std::string guest_snapshot(World& world, const std::string& vm) {
    const std::string path = world.disk_of(vm);
    if (guest::has_leftover_journal(path)) return "a leftover journal\n";
    const auto disk = must(guest::GuestDisk::open(path, {false, 0}));
    std::string text;
    add_tree(disk->volume(), "", text);
    add_key(must(disk->read_hive("SYSTEM")), "", text);
    return text;
}

std::string snapshot(World& world, const std::string& vm) {
    std::string text;
    auto& session = world.host().cim();
    for (const auto& one : must(hyperv::list_vms(session, in_time()))) {
        const auto& s = one.settings;
        text += fmt::format("{} {} stop {} cache {} low {} high {} base {} checkpoints {} automatic {}\n", one.id.str(),
                            one.name, static_cast<int>(s.stop_action), s.guest_controlled_cache_types.value_or(false),
                            s.low_mmio_mib.value_or(0), s.high_mmio_mib.value_or(0), s.high_mmio_base_mib.value_or(0),
                            static_cast<int>(s.checkpoint_type.value_or(model::CheckpointType::standard)),
                            s.automatic_checkpoints.value_or(false));
    }
    const auto gpus = must(hyperv::list_partitionable_gpus(session, in_time()));
    for (const auto& partition : must(hyperv::list_gpu_partitions(session, gpus, in_time())))
        text += fmt::format("partition {} {}\n", partition.vm_id.str(), partition.gpu_interface_path);
    const auto facts = must(hyperv::read_host_facts(world.host(), in_time()));
    text += fmt::format("policy {} {}\n", facts.require_secure_device_assignment.value_or(99),
                        facts.require_supported_device_assignment.value_or(99));
    namespace fs = std::filesystem;
    for (const char* folder : {"vm-settings", "guests"}) {
        const fs::path directory = world.state_directory() + "/" + folder;
        if (fs::exists(directory))
            for (const auto& file : fs::directory_iterator(directory))
                text += fmt::format("remembers {}\n", file.path().filename().string());
    }
    return text + guest_snapshot(world, vm);
}

} // namespace exhyperv::assign

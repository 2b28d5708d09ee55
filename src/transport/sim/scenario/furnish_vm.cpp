#include "transport/sim/scenario/furnish.h"

#include "support/strings.h"

#include <fmt/format.h>

namespace exhyperv::sim {

std::string configuration_version(std::uint32_t build) {
    if (build >= 28000) return "12.3";
    if (build >= 26100) return "12.0";
    if (build >= 22621) return "11.0";
    if (build >= 20348) return "10.0";
    if (build >= 19041) return "9.2";
    if (build >= 17763) return "9.0";
    return "8.0";
}

std::string guest_os_name(std::uint32_t build, bool server) {
    if (!server) return build >= 22000 ? "Windows 11 Pro" : "Windows 10 Pro";
    auto year = build >= 26100 ? 2025 : build >= 20348 ? 2022 : build >= 17763 ? 2019 : 2016;
    return fmt::format("Windows Server {} Datacenter", year);
}

void finish_vm(World& world, Vm& vm, std::int64_t now_ms) {
    constexpr std::int64_t day = 86'400'000;
    if (vm.version.empty()) vm.version = configuration_version(world.host.build);
    if (vm.id.is_null())
        vm.id = Guid::from_name(fmt::format("{}:vm:{}:{}", world.host.name, world.vms.size(), vm.config.name));
    vm.created_ms = now_ms - 30 * day;
    vm.changed_ms = now_ms - day;
    vm.state_since_ms = now_ms - day / 24;
    if (vm.running() || vm.state == vm_state::paused) vm.process_id = world.next_process_id++;
    if (vm.guest.os.empty() && vm.guest.build != 0) vm.guest.os = guest_os_name(vm.guest.build, false);
    for (auto& nic : vm.config.nics)
        if (nic.id.is_null()) nic.id = Guid::from_name(vm.id.str() + ":nic:" + nic.name);
}

void add_checkpoint(World& world, Vm& vm, const std::string& name, bool automatic, std::int64_t now_ms) {
    Checkpoint made;
    made.id = Guid::from_name(fmt::format("{}:checkpoint:{}", vm.id.str(), vm.checkpoints.size()));
    made.parent = vm.current_checkpoint;
    made.created_ms = now_ms - 3'600'000;
    made.automatic = automatic;
    made.config = vm.config;
    made.config.name = name;
    for (auto& drive : vm.config.drives) {
        if (drive.kind != DriveKind::disk || drive.image.empty()) continue;
        auto stem = drive.image.substr(0, drive.image.rfind('.'));
        if (auto bar = stem.rfind('_'); bar != stem.npos && Guid::parse(stem.substr(bar + 1))) stem.resize(bar);
        auto leaf = fmt::format("{}_{}.avhdx", stem, Guid::from_name(made.id.str() + drive.image).str());
        world.images.push_back({.path = leaf, .spec = {}, .parent = drive.image});
        drive.image = leaf;
    }
    vm.current_checkpoint = made.id;
    vm.checkpoints.push_back(std::move(made));
}

} // namespace exhyperv::sim

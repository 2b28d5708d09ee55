#include "transport/sim/services/start_checks.h"

#include "support/strings.h"
#include "transport/sim/services/vm_change.h"
#include "transport/sim/world/gpu_choice.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

#include <algorithm>
#include <map>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kPolicy = "SOFTWARE\\Policies\\Microsoft\\Windows\\HyperV";
constexpr std::uint64_t kMiB = 1048576;

/// Room the emulated devices of any VM take from the gaps (wmi-facts 3: buffers of the planning document).
constexpr std::uint64_t kLowReserve = 64 * kMiB, kHighReserve = 256 * kMiB;
/// What a paravirtualized GPU's shared I/O space takes (GuestIoSpaceSizeInMb).
constexpr std::uint64_t kGpuSpace = 1000 * kMiB;

Outcome start_failure(const Call& call, const Vm& vm, std::vector<std::string> causes) {
    auto first = say(call.chinese(), failures::start_failed, {vm.config.name});
    std::vector<std::string> layers{first};
    for (const auto& cause : causes)
        layers.push_back(cause);
    if (!causes.empty())
        layers.push_back(first + " " + vm_note(call, vm) + "\n\n" + causes.back() + " " + vm_note(call, vm));
    return Outcome::failure(code::failed, std::move(layers));
}

/// Both values present and 0 let a server share a paravirtualized GPU; absent counts as required (wmi-facts 4.3).
bool policy_allows(const World& world) {
    return registry_number(world, kPolicy, "RequireSecureDeviceAssignment") == 0u &&
           registry_number(world, kPolicy, "RequireSupportedDeviceAssignment") == 0u;
}

struct MmioNeed {
    std::uint64_t low = 0, high = 0;
};

MmioNeed device_need(const World& world, const VmConfig& config) {
    MmioNeed need;
    for (const auto& allocation : config.devices) {
        const auto* function = find_function(world, allocation.function);
        if (!function) continue;
        for (const auto& [start, end] : function->memory) {
            if (end < start) continue;
            const auto size = end - start + 1;
            (size > 256 * kMiB || start > 0xFFFFFFFFull ? need.high : need.low) += size;
        }
    }
    return need;
}

Outcome check_disks(const Call& call, const Vm& vm) {
    const auto zh = call.chinese();
    for (const auto& drive : vm.config.drives) {
        if (drive.image.empty()) continue;
        const auto id = drive.controller.str();
        auto answer = DiskAnswer::fine;
        if (drive.kind == DriveKind::physical) { // one that the host uses itself; the text is assumed, not recorded
            if (const auto* disk = passed_through(call.world, drive); disk && disk->online) answer = DiskAnswer::in_use;
        } else {
            answer = call.disks.probe(call.world, drive.image);
            for (const auto& mount : call.world.mounts)
                if (iequals(mount.path, drive.image)) answer = DiskAnswer::in_use;
        }
        if (answer == DiskAnswer::in_use)
            return start_failure(
                call, vm, {say(zh, failures::disk_in_use, {id}), say(zh, failures::disk_attachment, {drive.image})});
        if (answer == DiskAnswer::missing) return start_failure(call, vm, {say(zh, failures::disk_missing, {id})});
    }
    return {};
}

Outcome check_mmio(const Call& call, const Vm& vm) {
    const auto top = std::uint64_t{1} << std::min<std::uint32_t>(call.world.host.physical_address_bits, 52);
    const auto end = (vm.config.high_mmio_base_mib + vm.config.high_mmio_mib) * kMiB;
    if (end > top || vm.config.high_mmio_base_mib * kMiB < 4096 * kMiB)
        return start_failure(call, vm, {say(call.chinese(), failures::mmio_range)});
    return {};
}

Outcome check_devices(const Call& call, const Vm& vm) {
    const auto zh = call.chinese();
    const auto& world = call.world;
    for (const auto& allocation : vm.config.devices) {
        const auto id = allocation.id.str();
        const auto* function = find_function(world, allocation.function);
        if (!function || function->gone || !function->dismounted())
            return start_failure(call, vm, {say(zh, failures::pci_gone, {id})});
        if (!world.host.server() || !world.host.iov_support || !function->isolated)
            return start_failure(call, vm, {say(zh, failures::pci_feature, {id})});
        if (vm.config.stop_action != 2) return start_failure(call, vm, {say(zh, failures::stop_action, {id})});
        if (vm.config.dynamic_memory) return start_failure(call, vm, {say(zh, failures::dynamic_memory, {id})});
    }
    const auto need = device_need(world, vm.config);
    const auto low = vm.config.low_mmio_mib * kMiB, high = vm.config.high_mmio_mib * kMiB;
    const auto too_small =
        (need.low > 0 && need.low + kLowReserve > low) || (need.high > 0 && need.high + kHighReserve > high);
    if (!vm.config.devices.empty() && too_small)
        return start_failure(call, vm, {say(zh, failures::pci_resources, {vm.config.devices.front().id.str()})});
    return {};
}

Outcome check_gpus(const Call& call, const Vm& vm) {
    const auto zh = call.chinese();
    const auto& world = call.world;
    std::map<const Gpu*, std::uint32_t> used;
    for (const auto& other : world.vms)
        if (other.running() || other.state == vm_state::paused)
            for (const auto& allocation : other.config.gpus)
                ++used[gpu_of(world, allocation)];
    for (const auto& allocation : vm.config.gpus) {
        const auto id = allocation.id.str();
        auto no_resources = [&] {
            return start_failure(call, vm, {say(zh, failures::gpu_resources, {id}), say(zh, failures::gpu_reserve)});
        };
        const auto* gpu = gpu_of(world, allocation);
        if (!gpu) return no_resources();
        if (world.host.server() && !gpu->sriov && !policy_allows(world))
            return start_failure(call, vm, {say(zh, failures::gpu_policy, {gpu->interface_path})});
        if (++used[gpu] > gpu->partition_count) return no_resources();
        if ((vm.config.low_mmio_mib + vm.config.high_mmio_mib) * kMiB < kGpuSpace) return no_resources();
    }
    return {};
}

} // namespace

Outcome check_start(const Call& call, const Vm& vm) {
    for (auto check : {check_disks, check_mmio, check_gpus, check_devices})
        if (auto outcome = check(call, vm); outcome.code != code::done) return outcome;
    return {};
}

} // namespace exhyperv::sim

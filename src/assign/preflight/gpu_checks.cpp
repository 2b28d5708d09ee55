#include "assign/preflight/groups.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

constexpr std::uint8_t kDisplayClass = 3; // PCI base class
constexpr std::uint32_t kPhantom = 45;    // CM_PROB_PHANTOM: the node of a card that is dismounted, no fault of its own

Check check_place(const Survey& survey, const model::Gpu& gpu) {
    MessageArgs args{{"gpu", gpu.name}};
    switch (gpu.place.kind) {
    case model::PlaceKind::dismounted:
        return make_check("gpu.exclusive", Verdict::fail, "dismounted", args);
    case model::PlaceKind::host_disabled:
        return make_check("gpu.exclusive", Verdict::fail, "disabled", args);
    case model::PlaceKind::vm:
    case model::PlaceKind::stale_reference:
        args.emplace_back("vm", survey.vm_name(gpu.place.vm_id));
        return make_check("gpu.exclusive", Verdict::fail, "in_vm", args);
    case model::PlaceKind::host:
        break;
    }
    return make_check("gpu.exclusive", Verdict::pass, "host", args);
}

/// A card given whole and a partition of the same maker in one VM: the guest's driver stops with Code 43.
std::optional<Check> check_mixed(const Survey& survey, const model::Gpu& gpu, const model::Vm& vm) {
    for (const model::PciDevice& device : survey.devices) {
        const bool here = device.place.kind == model::PlaceKind::vm && device.place.vm_id == vm.id;
        const bool display = iequals(device.device_class, "Display") || device.base_class == kDisplayClass;
        if (here && display && model::gpu_vendor_of(device.pure_id) == gpu.vendor)
            return make_check(
                "gpu.mixed", Verdict::warn, "same_maker",
                {{"device", device.name}, {"vm", vm.name}, {"maker", std::string(gpu_vendor_name(gpu.vendor))}});
    }
    return std::nullopt;
}

Check check_partitions(const Survey& survey, const model::Gpu& gpu, const model::Vm& vm) {
    std::size_t own = 0, all = 0;
    for (const auto& partition : survey.partitions)
        if (iequals(partition.gpu_interface_path, gpu.interface_path)) {
            ++all;
            own += partition.vm_id == vm.id ? 1 : 0;
        }
    const MessageArgs args{{"gpu", gpu.name},
                           {"vm", vm.name},
                           {"own", std::to_string(own)},
                           {"used", std::to_string(all)},
                           {"count", std::to_string(gpu.partition_count)}};
    if (own > 1) return make_check("gpu.partitions", Verdict::warn, "duplicate", args);
    if (own == 1) return make_check("gpu.partitions", Verdict::pass, "has_one", args);
    if (gpu.partition_count != 0 && all >= gpu.partition_count)
        return make_check("gpu.partitions", Verdict::warn, "all_used", args);
    return make_check("gpu.partitions", Verdict::pass, "free", args);
}

} // namespace

Checks check_gpu(const Survey& survey, const model::Gpu& gpu, const model::Vm& vm) {
    Checks checks;
    const MessageArgs args{{"gpu", gpu.name}, {"driver", gpu.driver_version.empty() ? "–" : gpu.driver_version}};
    checks.push_back(check_place(survey, gpu));
    const bool given_away = checks.back().verdict == Verdict::fail;
    if (!given_away) { // otherwise that is why, and saying it three times helps nobody
        if (gpu.problem != 0 && gpu.problem != kPhantom)
            checks.push_back(make_check("gpu.health", Verdict::fail, "problem",
                                        {{"gpu", gpu.name}, {"code", std::to_string(gpu.problem)}}));
        else
            checks.push_back(make_check("gpu.health", Verdict::pass, "ok", args));
        checks.push_back(gpu.partitionable() ? make_check("gpu.partitionable", Verdict::pass, "yes", args)
                                             : make_check("gpu.partitionable", Verdict::fail, "no", args));
    }
    if (gpu.partitionable()) checks.push_back(check_partitions(survey, gpu, vm));
    for (const auto& partition : survey.partitions_of(vm.id))
        if (partition.stale)
            checks.push_back(make_check(
                "gpu.stale", Verdict::warn, "other",
                {{"vm", vm.name}, {"card", model::instance_path_of_interface(partition.gpu_interface_path)}}));
    if (auto mixed = check_mixed(survey, gpu, vm)) checks.push_back(std::move(*mixed));
    checks.push_back(make_check("gpu.quota", Verdict::pass, "no_effect"));
    return checks;
}

} // namespace exhyperv::assign

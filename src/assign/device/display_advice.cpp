#include "assign/device/display_advice.h"

#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/lookup.h"
#include "hyperv/vms.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

constexpr std::uint32_t kFirstWithPartition = 17134; // WDDM 2.4: older guests cannot use a partition at all

std::vector<DisplayAdapter> find_adapters(const DeviceInventory& inventory) {
    std::vector<DisplayAdapter> out;
    for (const DeviceEntry& entry : inventory.devices)
        for (const DeviceChild& child : entry.children) {
            if (!child.usb_display) continue;
            // A composite device and its interfaces are one adapter.
            const bool part = std::any_of(out.begin(), out.end(), [&](const DisplayAdapter& known) {
                return known.controller == entry.device.pure_id &&
                       istarts_with(child.instance_path,
                                    known.instance_path.substr(0, known.instance_path.rfind('\\')) + "&MI_");
            });
            if (part) continue;
            DisplayAdapter adapter;
            adapter.name = child.name;
            adapter.instance_path = child.instance_path;
            adapter.controller = entry.device.pure_id;
            adapter.controller_name = entry.display_name();
            adapter.verdict = entry.verdict;
            for (const Check& check : entry.evidence)
                if (check.verdict != Verdict::pass) adapter.evidence.push_back(check);
            for (const DeviceChild& other : entry.children)
                if (other.kind != ChildKind::hub && !other.usb_display) adapter.goes_along.push_back(other.name);
            out.push_back(std::move(adapter));
        }
    const auto rank = [](const DisplayAdapter& adapter) {
        return adapter.verdict == Assignability::yes       ? 0
               : adapter.verdict == Assignability::warning ? 1
               : adapter.verdict == Assignability::unknown ? 2
                                                           : 3;
    };
    std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    return out;
}

DisplayWay remote_way(const model::Vm& vm, bool has_partition) {
    DisplayWay way{"remote", Verdict::pass, {"display.remote.what", {}}, {{"display.remote.limits", {}}}};
    if (!has_partition) {
        way.verdict = Verdict::warn;
        way.notes.insert(way.notes.begin(), {"display.no_partition", {{"vm", vm.name}}});
    }
    return way;
}

DisplayWay indirect_way(const model::Vm& vm, bool has_partition) {
    DisplayWay way{"indirect", Verdict::warn, {"display.indirect.what", {}}, {{"display.indirect.guest", {}}}};
    if (vm.guest_build && *vm.guest_build < kFirstWithPartition) {
        way.verdict = Verdict::fail;
        way.notes.push_back({"display.guest_too_old", {{"build", std::to_string(*vm.guest_build)}}});
    }
    if (!has_partition) way.notes.push_back({"display.no_partition", {{"vm", vm.name}}});
    return way;
}

DisplayWay usb_way(const DeviceInventory& inventory, const model::Vm& vm, const std::vector<DisplayAdapter>& adapters) {
    DisplayWay way{"usb", Verdict::warn, {"display.usb.what", {}}, {}};
    const auto held = std::find_if(inventory.devices.begin(), inventory.devices.end(), [&](const DeviceEntry& entry) {
        return entry.device.place.kind == model::PlaceKind::vm && entry.device.place.vm_id == vm.id &&
               iequals(entry.device.device_class, "USB");
    });
    if (held != inventory.devices.end()) {
        way.verdict = Verdict::pass;
        way.notes.push_back({"display.usb.held", {{"controller", held->display_name()}, {"vm", vm.name}}});
    } else if (adapters.empty()) {
        way.verdict = Verdict::fail;
        way.notes.push_back({"display.usb.none", {}});
    } else if (adapters.front().verdict == Assignability::no) {
        way.verdict = Verdict::fail;
        way.notes.push_back({"display.usb.not_assignable",
                             {{"adapter", adapters.front().name}, {"controller", adapters.front().controller_name}}});
    } else {
        way.notes.push_back({"display.usb.found",
                             {{"adapter", adapters.front().name}, {"controller", adapters.front().controller_name}}});
    }
    for (const Check& check : inventory.host_checks)
        if (check.verdict == Verdict::fail) {
            way.verdict = Verdict::fail;
            way.notes.push_back(check.evidence);
        }
    way.notes.push_back({"display.usb.memory", {}});
    return way;
}

} // namespace

DisplayAdvice advise_display(const DeviceInventory& inventory, const model::Vm& vm, bool has_partition) {
    DisplayAdvice advice;
    advice.vm_id = vm.id;
    advice.vm_name = vm.name;
    advice.has_partition = has_partition;
    advice.adapters = find_adapters(inventory);
    advice.ways = {remote_way(vm, has_partition), indirect_way(vm, has_partition),
                   usb_way(inventory, vm, advice.adapters)};
    return advice;
}

Result<DisplayAdvice> advise_display(host::Host& host, std::string_view wanted, const CallContext& context) {
    TRY_ASSIGN(const auto vms, hyperv::list_vms(host.cim(), context));
    TRY_ASSIGN(const auto vm, hyperv::find_vm(vms, wanted));
    auto gpus = hyperv::list_partitionable_gpus(host.cim(), context);
    if (!gpus && gpus.error().code != "hyperv.class_missing") return fail(std::move(gpus).error());
    bool has_partition = false;
    if (gpus) {
        TRY_ASSIGN(const auto partitions, hyperv::list_gpu_partitions(host.cim(), *gpus, context));
        has_partition = std::any_of(partitions.begin(), partitions.end(), [&](const model::GpuPartition& partition) {
            return partition.vm_id == vm.id && !partition.stale;
        });
    }
    TRY_ASSIGN(const auto inventory, list_device_inventory(host, context));
    return advise_display(inventory, vm, has_partition);
}

} // namespace exhyperv::assign

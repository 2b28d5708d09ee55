#include "assign/preflight/readiness.h"

#include "assign/preflight/groups.h"
#include "support/strings.h"

#include <algorithm>
#include <set>

namespace exhyperv::assign {

namespace {

ReadinessItem host_item(Check check, const model::HostFacts& facts) {
    // In a plan a missing policy value is a step; here it is something to be done.
    if (check.id == "host.policy" && policy_missing(facts))
        return {make_check("host.policy", Verdict::warn, "missing"), "policy.allow"};
    // A damaged record is not recovered but put aside, after a look at the host.
    std::string fix = check.evidence.key == "check.host.journal.open" ? "recover" : "";
    return {std::move(check), std::move(fix)};
}

ReadinessItem remote_item(Check check, const model::HostFacts& facts) {
    if (check.id == "host.elevation") check = make_check("host.elevation", Verdict::warn, "remote");
    if (check.id == "host.policy" && facts.server()) check = make_check("host.policy", Verdict::unknown, "remote");
    return {std::move(check), ""};
}

ReadinessItem stuck_item(const DeviceInventory& devices) {
    std::vector<std::string> names;
    for (const DeviceEntry& entry : devices.devices)
        if (entry.device.place.kind == model::PlaceKind::dismounted ||
            entry.device.place.kind == model::PlaceKind::stale_reference)
            names.push_back(entry.display_name());
    if (names.empty()) return {make_check("host.stuck", Verdict::pass, "none"), ""};
    return {make_check("host.stuck", Verdict::warn, "some", {{"devices", join(names, ", ")}}), "device.recover"};
}

ReadinessItem driver_item(const std::vector<std::string>& lagging) {
    if (lagging.empty()) return {make_check("host.drivers", Verdict::pass, "in_step"), ""};
    return {make_check("host.drivers", Verdict::warn, "lag", {{"vms", join(lagging, ", ")}}), "gpu.sync"};
}

} // namespace

std::optional<RememberedDriver> remembered_driver(const GuestRecords& records, const Guid& vm, const model::Gpu& gpu) {
    const auto of_vm = records.find(vm);
    if (of_vm == records.end() || gpu.driver_version.empty()) return std::nullopt;
    std::optional<RememberedDriver> known;
    for (const GuestRecord& record : of_vm->second) {
        if (!iequals(record.card, gpu.instance_path)) continue;
        known = RememberedDriver{record.driver_version, drivers::DriftState::same};
        if (known->version == gpu.driver_version) continue; // another system of the VM may lag
        const int order = drivers::compare_versions(known->version, gpu.driver_version);
        known->state = order < 0   ? drivers::DriftState::older
                       : order > 0 ? drivers::DriftState::newer
                                   : drivers::DriftState::different;
        break;
    }
    return known;
}

std::vector<std::string> lagging_vms(const Survey& survey, const GuestRecords& records) {
    std::set<std::string> names;
    for (const model::GpuPartition& partition : survey.partitions) {
        const model::Gpu* const gpu = survey.card_of(partition);
        const auto vm = std::ranges::find(survey.vms, partition.vm_id, &model::Vm::id);
        if (!gpu || vm == survey.vms.end()) continue;
        const auto known = remembered_driver(records, vm->id, *gpu);
        if (known && known->state != drivers::DriftState::same) names.insert(vm->name);
    }
    return {names.begin(), names.end()};
}

std::vector<ReadinessItem> check_readiness(const Survey& survey, const DeviceInventory* devices,
                                           const std::vector<std::string>& lagging, bool remote) {
    std::vector<ReadinessItem> items;
    for (Check& check : check_host(survey))
        items.push_back(remote ? remote_item(std::move(check), survey.facts)
                               : host_item(std::move(check), survey.facts));
    if (devices) {
        for (Check check : devices->host_checks) {
            if (check.verdict == Verdict::fail) check.verdict = Verdict::warn; // sharing a card works all the same
            items.push_back({std::move(check), ""});
        }
        items.push_back(stuck_item(*devices));
    }
    if (!remote) items.push_back(driver_item(lagging));
    return items;
}

} // namespace exhyperv::assign

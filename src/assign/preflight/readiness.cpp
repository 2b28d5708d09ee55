#include "assign/preflight/readiness.h"

#include "assign/preflight/groups.h"
#include "support/strings.h"

namespace exhyperv::assign {

namespace {

ReadinessItem host_item(Check check, const model::HostFacts& facts) {
    // In a plan a missing policy value is a step; here it is something to be done.
    if (check.id == "host.policy" && policy_missing(facts))
        return {make_check("host.policy", Verdict::warn, "missing"), "policy.allow"};
    std::string fix = check.id == "host.journal" ? "recover" : "";
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

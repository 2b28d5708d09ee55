#include "assign/device/pci_constants.h"
#include "assign/device/survey.h"
#include "assign/preflight/check.h"

#include <fmt/format.h>

namespace exhyperv::assign {

namespace {

using model::PlaceKind;

std::string named(std::uint32_t value, std::string_view name) {
    return name.empty() ? std::to_string(value) : fmt::format("{} {}", value, name);
}

Check check_reserved_memory(const DeviceCapabilities& can) {
    constexpr auto id = "device.reserved_memory";
    if (!can.reserved_memory) return make_check(id, Verdict::unknown, "unknown");
    return *can.reserved_memory ? make_check(id, Verdict::fail, "reserved") : make_check(id, Verdict::pass, "free");
}

Check check_acs(const DeviceCapabilities& can) {
    constexpr auto id = "device.acs";
    if (!can.acs_up_hierarchy) return make_check(id, Verdict::unknown, "unknown");
    const MessageArgs value{{"value", named(*can.acs_up_hierarchy, pci::acs_name(*can.acs_up_hierarchy))}};
    return *can.acs_up_hierarchy == pci::acs_not_supported ? make_check(id, Verdict::fail, "missing", value)
                                                           : make_check(id, Verdict::pass, "supported", value);
}

Check check_type(const DeviceEntry& entry) {
    constexpr auto id = "device.type";
    const auto& type = entry.capabilities.device_type;
    if (!type) return make_check(id, Verdict::unknown, "unknown");
    const MessageArgs value{{"value", named(*type, pci::device_type_name(*type))}};
    switch (*type) {
    case pci::express_endpoint:
        return make_check(id, Verdict::pass, "endpoint", value);
    case pci::root_complex_endpoint: // passes the survey; not behind a port of its own
        return make_check(id, Verdict::warn, "integrated", value);
    case pci::legacy_endpoint:
        return entry.is_display ? make_check(id, Verdict::pass, "legacy_display", value)
                                : make_check(id, Verdict::fail, "legacy", value);
    case pci::treated_as_pci:
    case pci::bridge_treated_as_pci:
        return make_check(id, Verdict::fail, "firmware", value);
    case pci::conventional:
    case pci::pci_x:
        return make_check(id, Verdict::fail, "conventional", value);
    default:
        return make_check(id, Verdict::fail, *type <= pci::event_collector ? "bridge" : "strange", value);
    }
}

Check check_interrupts(const DeviceCapabilities& can) {
    constexpr auto id = "device.interrupts";
    if (can.resources_known) { // what it was given tells more than what it could do
        if (can.message_interrupts > 0)
            return make_check(id, Verdict::pass, "message", {{"count", std::to_string(can.message_interrupts)}});
        if (can.line_interrupts == 0) return make_check(id, Verdict::pass, "none");
        return make_check(id, Verdict::fail, "line");
    }
    if (!can.interrupt_support) return make_check(id, Verdict::unknown, "unknown");
    const MessageArgs value{{"value", std::to_string(*can.interrupt_support)}};
    if (*can.interrupt_support & (pci::kInterruptMsi | pci::kInterruptMsiX))
        return make_check(id, Verdict::pass, "capable", value);
    return *can.interrupt_support & pci::kInterruptLine ? make_check(id, Verdict::fail, "line")
                                                        : make_check(id, Verdict::pass, "none");
}

Check check_memory(const DeviceEntry& entry, const SurveyContext& context) {
    constexpr auto id = "device.memory";
    if (!entry.capabilities.resources_known) return make_check(id, Verdict::unknown, "unknown");
    if (!entry.device.bars.empty())
        return make_check(id, Verdict::pass, "size",
                          {{"size", context.mmio}, {"count", std::to_string(entry.device.bars.size())}});
    const auto counts = pci::bar_counts(entry.capabilities.bar_types.value_or(0));
    return counts.io > 0 && counts.all_memory() == 0 ? make_check(id, Verdict::warn, "ports_only")
                                                     : make_check(id, Verdict::pass, "none");
}

std::vector<Check> check_given_away(const DeviceEntry& entry, const SurveyContext& context) {
    constexpr auto id = "device.place";
    std::vector<Check> out;
    if (entry.device.place.kind == PlaceKind::vm)
        out.push_back(make_check(id, Verdict::pass, "vm", {{"vm", context.vm_name}}));
    else if (entry.device.express_path.empty())
        out.push_back(make_check(id, Verdict::warn, "not_registered"));
    else
        out.push_back(make_check(id, Verdict::pass, "dismounted"));
    // Windows gave it away, so the bus driver's properties do not stand against it; nodes of functions that are away
    // mostly do not have them any more.
    return out;
}

Check check_gone(const SurveyContext& context) {
    constexpr auto id = "device.present";
    const MessageArgs args{{"vm", context.vm_name}, {"now", context.same_card_elsewhere}};
    return make_check(id, Verdict::fail, context.same_card_elsewhere.empty() ? "gone" : "moved", args);
}

} // namespace

std::vector<Check> check_assignable(const DeviceEntry& entry, const SurveyContext& context) {
    const auto& device = entry.device;
    if (device.place.kind == PlaceKind::stale_reference) return {check_gone(context)};
    if (device.place.kind == PlaceKind::vm || device.place.kind == PlaceKind::dismounted)
        return check_given_away(entry, context);

    std::vector<Check> out{check_reserved_memory(entry.capabilities), check_acs(entry.capabilities), check_type(entry)};
    if (entry.is_bridge) return out; // what it was given does not matter any more
    if (device.place.kind == PlaceKind::host_disabled)
        out.push_back(make_check("device.enabled", Verdict::unknown, "disabled"));
    out.push_back(check_interrupts(entry.capabilities));
    if (device.place.kind != PlaceKind::host_disabled) out.push_back(check_memory(entry, context));
    if (device.problem != 0 && device.problem != pci::kProblemDisabled)
        out.push_back(
            make_check("device.problem", Verdict::warn, "problem", {{"code", std::to_string(device.problem)}}));
    return out;
}

Assignability assignability_of(const std::vector<Check>& evidence) {
    auto verdict = Assignability::yes;
    for (const Check& check : evidence) {
        if (check.verdict == Verdict::fail) return Assignability::no;
        if (check.verdict == Verdict::unknown) verdict = Assignability::unknown;
        if (check.verdict == Verdict::warn && verdict == Assignability::yes) verdict = Assignability::warning;
    }
    return verdict;
}

} // namespace exhyperv::assign

#include "assign/device/survey.h"
#include "assign/preflight/check.h"
#include "support/strings.h"

#include <fmt/format.h>

namespace exhyperv::assign {

namespace {

using model::PlaceKind;

std::string disk_text(const DeviceChild& disk) {
    return disk.disk_number ? fmt::format("{} ({})", *disk.disk_number, disk.name) : disk.name;
}

void check_disks(const DeviceEntry& entry, std::vector<Check>& out) {
    constexpr auto id = "device.disks";
    std::vector<std::string> needed, others;
    for (const DeviceChild& child : entry.children) {
        if (child.kind != ChildKind::disk) continue;
        if (child.system || child.boot || child.paging)
            needed.push_back(disk_text(child));
        else
            others.push_back(disk_text(child));
    }
    if (!needed.empty())
        out.push_back(make_check(id, Verdict::fail, "system", {{"disks", join(needed, ", ")}}));
    else if (!others.empty())
        out.push_back(make_check(id, Verdict::warn, "data", {{"disks", join(others, ", ")}}));
}

void check_input(const DeviceEntry& entry, std::vector<Check>& out) {
    std::vector<std::string> names;
    for (const DeviceChild& child : entry.children)
        if (child.kind == ChildKind::keyboard || child.kind == ChildKind::mouse) names.push_back(child.name);
    if (!names.empty())
        out.push_back(make_check("device.input", Verdict::warn, "input", {{"devices", join(names, ", ")}}));
}

void check_connection(const DeviceEntry& entry, const SurveyContext& context, std::vector<Check>& out) {
    if (!entry.carries_connection_in_use) return;
    constexpr auto id = "device.connection";
    if (!*entry.carries_connection_in_use)
        out.push_back(make_check(id, Verdict::pass, "unused"));
    else
        out.push_back(make_check(id, Verdict::warn,
                                 context.on_gateway  ? "gateway"
                                 : context.on_switch ? "switch"
                                                     : "address"));
}

} // namespace

std::vector<Check> check_consequences(const DeviceEntry& entry, const SurveyContext& context) {
    std::vector<Check> out;
    const auto place = entry.device.place.kind;
    if (entry.is_bridge || place == PlaceKind::stale_reference) return out;
    if (place == PlaceKind::host || place == PlaceKind::host_disabled) {
        if (entry.is_last_display) out.push_back(make_check("device.last_display", Verdict::fail, "last"));
        check_disks(entry, out);
        check_connection(entry, context, out);
        check_input(entry, out);
        if (entry.gpu_partitions > 0)
            out.push_back(make_check("device.gpu_partitions", Verdict::fail, "in_use",
                                     {{"count", std::to_string(entry.gpu_partitions)}}));
        if (context.referenced)
            out.push_back(make_check("device.reference", Verdict::warn, "stale", {{"vm", context.vm_name}}));
    }
    if (entry.capabilities.function_level_reset == false)
        out.push_back(make_check("device.reset", Verdict::warn, "none",
                                 {{"card", entry.compatibility ? entry.compatibility->card : entry.display_name()}}));
    return out;
}

std::vector<Check> check_device_host(const model::HostFacts& facts) {
    std::vector<Check> out;
    constexpr auto edition = "device.host.edition", iommu = "device.host.iommu";
    const MessageArgs os{{"os", facts.os_name}};
    out.push_back(facts.server() ? make_check(edition, Verdict::pass, "server", os)
                                 : make_check(edition, Verdict::fail, "client", os));
    if (!facts.iov_support)
        out.push_back(make_check(iommu, Verdict::unknown, "unknown"));
    else if (*facts.iov_support)
        out.push_back(make_check(iommu, Verdict::pass, "present"));
    else
        out.push_back(make_check(iommu, Verdict::fail, "missing",
                                 {{"reasons", facts.iov_reasons.empty() ? "–" : join(facts.iov_reasons, " ")}}));
    return out;
}

} // namespace exhyperv::assign

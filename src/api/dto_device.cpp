#include "api/dto.h"

#include <nlohmann/json.hpp>

namespace exhyperv::api {
namespace {

const char* verdict_text(assign::Assignability verdict) {
    switch (verdict) {
    case assign::Assignability::yes:
        return "assignable";
    case assign::Assignability::warning:
        return "warning";
    case assign::Assignability::no:
        return "not_assignable";
    case assign::Assignability::unknown:
        return "unknown";
    }
    return "unknown";
}

nlohmann::json compatibility_of(const assign::CompatibilityRow& row) {
    nlohmann::json document{{"card", row.card},
                            {"identification", assign::answer_name(row.identified)},
                            {"function_level_reset", assign::answer_name(row.function_level_reset)},
                            {"display_output", assign::answer_name(row.display_output)}};
    if (!row.note_en.empty()) document["note"] = {{"en", row.note_en}, {"zh-Hans", row.note_zh}};
    if (!row.source.empty()) document["source"] = row.source;
    return document;
}

nlohmann::json bars_of(const model::PciDevice& device) {
    auto bars = nlohmann::json::array();
    for (const auto& bar : device.bars)
        bars.push_back({{"size", bar.size}, {"prefetchable", bar.prefetchable}, {"above_4g", bar.above_4g}});
    return bars;
}

} // namespace

nlohmann::json dto(const assign::DeviceEntry& entry, const assign::DeviceInventory& inventory) {
    const model::PciDevice& device = entry.device;
    auto checks = nlohmann::json::array();
    for (const auto& check : entry.evidence)
        checks.push_back(dto(check));
    auto children = nlohmann::json::array();
    for (const auto& child : entry.children)
        children.push_back(child.name);
    nlohmann::json place = dto(device.place);
    if (place.contains("vm")) place["vm_name"] = inventory.vm_name(device.place.vm_id);
    nlohmann::json document{{"id", device.pure_id},
                            {"name", entry.display_name()},
                            {"instance_path", device.instance_path},
                            {"location_path", device.location_path},
                            {"class", device.device_class},
                            {"vendor_id", device.vendor_id},
                            {"device_id", device.device_id},
                            {"problem", device.problem},
                            {"place", std::move(place)},
                            {"verdict", verdict_text(entry.verdict)},
                            {"checks", std::move(checks)},
                            {"bars", bars_of(device)},
                            {"companions", entry.companions},
                            {"children", std::move(children)}};
    if (!entry.vendor_name.empty()) document["vendor"] = entry.vendor_name;
    if (!entry.driver_version.empty()) document["driver"] = entry.driver_version;
    if (!entry.pass_instead.empty()) document["parent"] = entry.pass_instead;
    if (entry.compatibility) document["compatibility"] = compatibility_of(*entry.compatibility);
    return document;
}

} // namespace exhyperv::api

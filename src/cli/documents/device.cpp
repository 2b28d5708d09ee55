#include "cli/documents/device_document.h"
#include "cli/documents/json.h"

#include <fmt/format.h>

namespace exhyperv::cli {
namespace {

using cli::json_of; // messages

Json json_of(const std::vector<assign::Check>& checks, text::Language language) {
    Json out = Json::array();
    for (const auto& check : checks) {
        Json entry{{"id", check.id},
                   {"verdict", assign::verdict_name(check.verdict)},
                   {"evidence", json_of(check.evidence, language)}};
        if (!check.remedy.key.empty()) entry["remedy"] = json_of(check.remedy, language);
        out.push_back(std::move(entry));
    }
    return out;
}

Json json_of(const assign::DeviceChild& child) {
    Json out{{"name", child.name}, {"kind", assign::child_kind_name(child.kind)}, {"depth", child.depth}};
    put(out, "class", child.device_class);
    put(out, "instance_path", child.instance_path);
    if (child.usb_display) out["usb_display"] = true;
    if (child.disk_number)
        out["disk"] = {{"number", *child.disk_number},
                       {"system", child.system},
                       {"boot", child.boot},
                       {"paging", child.paging},
                       {"online", child.online}};
    return out;
}

Json json_of(const assign::DeviceCapabilities& can) {
    Json out = Json::object();
    put(out, "device_type", can.device_type);
    put(out, "acs_up_hierarchy", can.acs_up_hierarchy);
    put(out, "interrupt_support", can.interrupt_support);
    put(out, "bar_types", can.bar_types);
    put(out, "reserved_memory", can.reserved_memory);
    put(out, "function_level_reset", can.function_level_reset);
    if (can.resources_known) {
        out["message_interrupts"] = can.message_interrupts;
        out["line_interrupts"] = can.line_interrupts;
    }
    return out;
}

Json json_of(const assign::CompatibilityRow& row, text::Language language) {
    Json out{{"card", row.card},
             {"identified", assign::answer_name(row.identified)},
             {"function_level_reset", assign::answer_name(row.function_level_reset)},
             {"display_output", assign::answer_name(row.display_output)}};
    put(out, "note", language == text::Language::en ? row.note_en : row.note_zh);
    out["source"] = row.source;
    return out;
}

Json json_of(const assign::DeviceInventory& inventory, const assign::DeviceEntry& entry, text::Language language) {
    const auto& device = entry.device;
    Json out{{"id", device.pure_id}, {"name", entry.display_name()}, {"host_name", device.name}};
    put(out, "vendor", entry.vendor_name);
    put(out, "model", entry.device_name);
    out["pci_id"] = fmt::format("{:04X}:{:04X}", device.vendor_id, device.device_id);
    put(out, "class", device.device_class);
    put(out, "manufacturer", device.manufacturer);
    if (device.base_class) out["base_class"] = *device.base_class;
    if (device.sub_class) out["sub_class"] = *device.sub_class;
    put(out, "instance_path", device.instance_path);
    put(out, "location_path", device.location_path);
    if (entry.address) out["address"] = entry.address->text();
    put(out, "driver_version", entry.driver_version);
    put(out, "driver_date", entry.driver_date);
    put(out, "driver_inf", entry.driver_inf);
    put(out, "service", device.service);
    out["problem"] = device.problem;
    out["place"] = {{"kind", model::place_kind_name(device.place.kind)}};
    if (device.place.kind == model::PlaceKind::vm || device.place.kind == model::PlaceKind::stale_reference) {
        out["place"]["vm"] = device.place.vm_id.str();
        out["place"]["vm_name"] = inventory.vm_name(device.place.vm_id);
    }
    out["assignable"] = assign::assignability_name(entry.verdict);
    out["bridge"] = entry.is_bridge;
    if (entry.capabilities.resources_known) {
        out["bars"] = Json::array();
        for (const auto& bar : device.bars)
            out["bars"].push_back({{"size", bar.size}, {"prefetchable", bar.prefetchable}, {"high", bar.above_4g}});
        out["mmio_bytes"] = entry.mmio_bytes();
    }
    out["capabilities"] = json_of(entry.capabilities);
    if (entry.is_last_display) out["last_display"] = true;
    if (entry.carries_connection_in_use) out["connection_in_use"] = *entry.carries_connection_in_use;
    if (entry.gpu_partitions > 0) out["gpu_partitions"] = entry.gpu_partitions;
    if (!entry.companions.empty()) out["companions"] = entry.companions;
    put(out, "pass_instead", entry.pass_instead);
    out["children"] = Json::array();
    for (const auto& child : entry.children)
        out["children"].push_back(json_of(child));
    if (entry.compatibility) out["compatibility"] = json_of(*entry.compatibility, language);
    out["evidence"] = json_of(entry.evidence, language);
    return out;
}

} // namespace

Document device_list_document(const assign::DeviceInventory& inventory, text::Language language) {
    Json list = Json::array();
    for (const auto& entry : inventory.devices)
        list.push_back(json_of(inventory, entry, language));
    return Document(Json{{"host_checks", json_of(inventory.host_checks, language)}, {"devices", std::move(list)}});
}

Document device_document(const assign::DeviceInventory& inventory, const assign::DeviceEntry& entry,
                         text::Language language) {
    return Document(Json{{"host_checks", json_of(inventory.host_checks, language)},
                         {"device", json_of(inventory, entry, language)}});
}

Document device_report_document(const assign::DeviceEntry& entry, const std::string& row) {
    return Document(Json{{"id", entry.device.pure_id}, {"row", Json::parse(row, nullptr, false)}});
}

Document display_advice_document(const assign::DisplayAdvice& advice, const std::vector<std::string>& commands,
                                 text::Language language) {
    Json ways = Json::array(), adapters = Json::array();
    for (const auto& way : advice.ways)
        ways.push_back({{"id", way.id},
                        {"verdict", assign::verdict_name(way.verdict)},
                        {"what", json_of(way.what, language)},
                        {"notes", json_of(way.notes, language)}});
    for (std::size_t i = 0; i < advice.adapters.size(); ++i) {
        const auto& adapter = advice.adapters[i];
        Json entry{{"name", adapter.name},
                   {"instance_path", adapter.instance_path},
                   {"controller", adapter.controller},
                   {"controller_name", adapter.controller_name},
                   {"assignable", assign::assignability_name(adapter.verdict)},
                   {"goes_along", adapter.goes_along},
                   {"evidence", json_of(adapter.evidence, language)}};
        if (i < commands.size()) put(entry, "command", commands[i]);
        adapters.push_back(std::move(entry));
    }
    return Document(Json{{"vm", advice.vm_id.str()},
                         {"vm_name", advice.vm_name},
                         {"has_partition", advice.has_partition},
                         {"ways", std::move(ways)},
                         {"adapters", std::move(adapters)}});
}

} // namespace exhyperv::cli

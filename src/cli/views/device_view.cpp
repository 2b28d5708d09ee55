#include "cli/views/device_view.h"

#include "cli/table.h"
#include "cli/views/plan_view.h"
#include "support/strings.h"
#include "text/catalogue.h"
#include "text/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace exhyperv::cli {
namespace {

using assign::Assignability;
using model::PlaceKind;

std::string place_text(const assign::DeviceInventory& inventory, const model::Place& place, const Ui& ui) {
    switch (place.kind) {
    case PlaceKind::host:
        return ui.text("cli.place.host");
    case PlaceKind::host_disabled:
        return ui.text("cli.place.host_disabled");
    case PlaceKind::dismounted:
        return ui.text("cli.place.dismounted");
    case PlaceKind::vm:
        return ui.text("cli.place.vm", {{"vm", inventory.vm_name(place.vm_id)}});
    case PlaceKind::stale_reference:
        return ui.text("cli.place.stale", {{"vm", inventory.vm_name(place.vm_id)}});
    }
    return {};
}

Tone place_tone(PlaceKind kind) {
    return kind == PlaceKind::dismounted || kind == PlaceKind::stale_reference ? Tone::warn
           : kind == PlaceKind::vm                                             ? Tone::accent
                                                                               : Tone::plain;
}

Tone verdict_tone(Assignability verdict) {
    static constexpr std::array<Tone, 4> kTones{Tone::good, Tone::warn, Tone::bad, Tone::warn};
    return kTones.at(static_cast<std::size_t>(verdict));
}

std::string verdict_text(Assignability verdict, const Ui& ui) {
    static constexpr std::array<std::string_view, 4> kKeys{"device.verdict.yes", "device.verdict.warning",
                                                           "device.verdict.no", "device.verdict.unknown"};
    return ui.text(kKeys.at(static_cast<std::size_t>(verdict)));
}

std::string check_title(const assign::Check& check, const Ui& ui) {
    const auto title = text::find_text("check." + check.id, ui.language);
    return title ? std::string(*title) : check.id;
}

/// Titles of the checks that made the verdict.
std::string reasons(const assign::DeviceEntry& entry, const Ui& ui) {
    using assign::Verdict;
    const Verdict worst = entry.verdict == Assignability::no        ? Verdict::fail
                          : entry.verdict == Assignability::unknown ? Verdict::unknown
                                                                    : Verdict::warn;
    std::vector<std::string> titles;
    for (const auto& check : entry.evidence)
        if (check.verdict == worst) titles.push_back(check_title(check, ui));
    return join(titles, ", ");
}

std::string answer_text(assign::CompatibilityRow::Answer answer, const Ui& ui) {
    static constexpr std::array<std::string_view, 4> kKeys{"device.answer.unknown", "device.answer.yes",
                                                           "device.answer.no", "device.answer.conditional"};
    return ui.text(kKeys.at(static_cast<std::size_t>(answer)));
}

std::string checks_text(std::vector<assign::Check> checks, const Ui& ui) {
    assign::Plan plan;
    plan.checks = std::move(checks);
    return checks_in_full(plan, ui);
}

/// What would keep every VM with a device from starting on this host.
std::string host_trouble(const assign::DeviceInventory& inventory, const Ui& ui) {
    std::string out;
    for (const auto& check : inventory.host_checks) {
        if (check.verdict != assign::Verdict::fail) continue;
        out += '\n' + paragraph(verdict_mark(check.verdict, ui) + ' ', ui.text(check.evidence), ui);
        if (!check.remedy.key.empty()) out += paragraph("  → ", ui.text(check.remedy), ui);
    }
    return out;
}

std::string memory_text(const assign::DeviceEntry& entry, const Ui& ui) {
    if (!entry.capabilities.resources_known) return ui.text("cli.unknown");
    std::vector<std::string> bars;
    for (const auto& bar : entry.device.bars)
        bars.push_back(text::format_size(bar.size) + (bar.above_4g ? ui.text("device.bar_high") : ""));
    return bars.empty() ? ui.text("device.no_memory") : join(bars, ", ");
}

std::string child_line(const assign::DeviceChild& child, const Ui& ui) {
    std::string out(static_cast<std::size_t>(std::min(child.depth, 8u)) * 2, ' ');
    out += printable(child.name);
    std::vector<std::string> notes;
    if (child.disk_number)
        notes.push_back(ui.text("device.child.disk", {{"number", std::to_string(*child.disk_number)}}));
    if (child.system) notes.push_back(ui.text("device.child.system"));
    if (child.boot) notes.push_back(ui.text("device.child.boot"));
    if (child.paging) notes.push_back(ui.text("device.child.paging"));
    if (child.disk_number && !child.online) notes.push_back(ui.text("device.child.offline"));
    if (child.usb_display) notes.push_back(ui.text("device.child.usb_display"));
    if (!notes.empty()) out += ui.paint(Tone::faint, " – " + join(notes, ", "));
    return out + '\n';
}

void add_identity(Fields& fields, const assign::DeviceEntry& entry, const Ui& ui) {
    const auto& device = entry.device;
    if (entry.display_name() != device.name) fields.add(ui.text("device.label.host_name"), device.name);
    if (!entry.vendor_name.empty() || !entry.device_name.empty())
        fields.add(ui.text("device.label.database"), entry.vendor_name + ", " + entry.device_name);
    fields.add(ui.text("device.label.pci_id"), fmt::format("{:04X}:{:04X}", device.vendor_id, device.device_id));
    if (!device.device_class.empty()) fields.add(ui.text("device.label.class"), device.device_class);
    std::string driver = device.service.empty() ? ui.text("cli.unknown") : device.service;
    if (!entry.driver_version.empty()) driver += ", " + entry.driver_version;
    if (!entry.driver_date.empty()) driver += ", " + entry.driver_date;
    if (!entry.driver_inf.empty()) driver += ", " + entry.driver_inf;
    fields.add(ui.text("cli.label.driver"), driver);
}

std::string compatibility_text(const assign::CompatibilityRow& row, const Ui& ui) {
    std::string out = '\n' + ui.paint(Tone::strong, ui.text("device.compatibility")) + '\n';
    Fields fields;
    fields.add(ui.text("device.compatibility.card"), row.card);
    fields.add(ui.text("device.compatibility.identified"), answer_text(row.identified, ui));
    fields.add(ui.text("device.compatibility.reset"), answer_text(row.function_level_reset, ui));
    fields.add(ui.text("device.compatibility.output"), answer_text(row.display_output, ui));
    const auto& note = ui.language == text::Language::en ? row.note_en : row.note_zh;
    if (!note.empty()) fields.add(ui.text("device.compatibility.note"), note);
    fields.add(ui.text("device.compatibility.source"), row.source);
    return out + fields.render(ui, 2);
}

} // namespace

std::string device_table(const assign::DeviceInventory& inventory, bool all, const Ui& ui) {
    Table table({{ui.text("device.col.address"), false, true},
                 {ui.text("cli.col.name")},
                 {ui.text("cli.col.place")},
                 {ui.text("device.col.assignable")},
                 {ui.text("device.col.reason")}});
    std::size_t left_out = 0;
    for (const auto& entry : inventory.devices) {
        if (entry.is_bridge && !all) {
            ++left_out;
            continue;
        }
        table.add({{entry.address ? entry.address->text() : "–"},
                   {entry.display_name(), Tone::strong},
                   {place_text(inventory, entry.device.place, ui), place_tone(entry.device.place.kind)},
                   {verdict_text(entry.verdict, ui), verdict_tone(entry.verdict)},
                   {reasons(entry, ui)}});
    }
    std::string out = table.empty() ? ui.text("device.none") + '\n' : table.render(ui);
    if (left_out > 0)
        out += ui.paint(Tone::faint, ui.text("device.bridges_left_out", {{"count", std::to_string(left_out)}})) + '\n';
    return out + host_trouble(inventory, ui);
}

std::string device_text(const assign::DeviceInventory& inventory, const assign::DeviceEntry& entry, const Ui& ui) {
    const auto& device = entry.device;
    std::string out = ui.paint(Tone::strong, printable(entry.display_name())) + '\n';
    Fields fields;
    fields.add(ui.text("device.label.assignable"), verdict_text(entry.verdict, ui), verdict_tone(entry.verdict));
    if (const auto* parent = inventory.find(entry.pass_instead))
        fields.add(ui.text("device.label.instead"), parent->display_name() + " (" + parent->device.pure_id + ")",
                   Tone::accent);
    fields.add(ui.text("cli.label.place"), place_text(inventory, device.place, ui), place_tone(device.place.kind));
    add_identity(fields, entry, ui);
    if (entry.address) fields.add(ui.text("device.label.address"), entry.address->text());
    fields.add(ui.text("device.label.memory"), memory_text(entry, ui));
    fields.add(ui.text("cli.gpu.instance_path"), device.instance_path);
    if (!device.location_path.empty()) fields.add(ui.text("cli.gpu.location_path"), device.location_path);
    for (const auto& id : entry.companions)
        if (const auto* other = inventory.find(id))
            fields.add(ui.text("device.label.companion"), other->display_name() + " (" + id + ")");
    out += fields.render(ui, 2) + '\n' + checks_text(entry.evidence, ui);
    if (out.ends_with("\n\n")) out.pop_back();
    if (!entry.children.empty()) {
        out += '\n' + ui.paint(Tone::strong, ui.text("device.children")) + '\n';
        for (const auto& child : entry.children)
            out += child_line(child, ui);
    }
    if (entry.compatibility) out += compatibility_text(*entry.compatibility, ui);
    return out + host_trouble(inventory, ui);
}

std::string display_advice_text(const assign::DisplayAdvice& advice, const std::vector<std::string>& commands,
                                const Ui& ui) {
    std::string out = ui.paint(Tone::strong, ui.text("display.title", {{"vm", advice.vm_name}})) + '\n';
    for (const auto& way : advice.ways) {
        out += '\n' + verdict_mark(way.verdict, ui) + ' ' +
               ui.paint(Tone::strong, ui.text("display." + way.id + ".title")) + '\n' +
               paragraph("  ", ui.text(way.what), ui);
        for (const auto& note : way.notes)
            out += paragraph("  – ", ui.text(note), ui);
        if (way.id != "usb") continue;
        for (std::size_t i = 0; i < advice.adapters.size(); ++i) {
            const auto& adapter = advice.adapters[i];
            out += '\n' + paragraph("  ",
                                    ui.text("display.adapter", {{"adapter", adapter.name},
                                                                {"controller", adapter.controller_name},
                                                                {"verdict", verdict_text(adapter.verdict, ui)}}),
                                    ui);
            for (const auto& check : adapter.evidence)
                out += paragraph("    " + verdict_mark(check.verdict, ui) + ' ', ui.text(check.evidence), ui);
            if (!adapter.goes_along.empty())
                out +=
                    paragraph("    ", ui.text("display.goes_along", {{"devices", join(adapter.goes_along, ", ")}}), ui);
            if (i < commands.size() && !commands[i].empty())
                out += "    " + ui.paint(Tone::accent, printable(commands[i])) + '\n';
        }
    }
    return out;
}

} // namespace exhyperv::cli

#include "cli/views/drift_view.h"

#include "cli/table.h"
#include "model/vm.h"
#include "text/quantity.h"

#include <algorithm>

namespace exhyperv::cli {
namespace {

using drivers::DriftState;

constexpr std::size_t kFilesShown = 20;

Cell state_cell(const assign::DriftRow& row, const Ui& ui) {
    if (assign::is_orphan(row)) return {ui.text("cli.drift.gone"), Tone::warn};
    if (!row.on_host || row.source == assign::DriftRow::Source::nothing) {
        if (row.problem) return {ui.text("cli.drift.unknown"), Tone::warn};
    }
    switch (row.drift.state) {
    case DriftState::same:
        return {ui.text("cli.drift.same"), Tone::good};
    case DriftState::older:
        return {ui.text("cli.drift.older"), Tone::warn};
    case DriftState::newer:
        return {ui.text("cli.drift.newer"), Tone::warn};
    case DriftState::different:
        return {ui.text("cli.drift.different"), Tone::warn};
    case DriftState::missing:
        break;
    }
    return {ui.text("cli.drift.missing"), row.has_partition ? Tone::bad : Tone::warn};
}

Cell difference_cell(const assign::DriftRow& row, const Ui& ui) {
    if (row.problem) return {text::render_error(*row.problem, ui.language).title, Tone::warn};
    if (row.drift.file_count == 0) return {"–", Tone::faint};
    return {ui.text("cli.drift.files", {{"count", text::format_count(row.drift.file_count)}})};
}

std::string files_text(const assign::DriftRow& row, const Ui& ui) {
    std::string out;
    for (std::size_t i = 0; i < std::min(row.drift.files.size(), kFilesShown); ++i) {
        const auto& file = row.drift.files[i];
        using Kind = drivers::DriftFile::Kind;
        const auto* kind = file.kind == Kind::missing   ? "cli.drift.file_missing"
                           : file.kind == Kind::changed ? "cli.drift.file_changed"
                                                        : "cli.drift.file_extra";
        out += "  " + ui.text(kind) + "  " + printable(file.package + "\\" + file.path) + '\n';
    }
    if (row.drift.file_count > kFilesShown)
        out += "  " + ui.text("cli.drift.more", {{"count", text::format_count(row.drift.file_count - kFilesShown)}}) +
               '\n';
    return out;
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "–" : text;
}

} // namespace

std::string drift_table(const std::vector<assign::DriftRow>& rows, bool files, const Ui& ui) {
    if (rows.empty()) return paragraph("", ui.text("cli.drift.none"), ui);
    Table table({{ui.text("cli.drift.col.vm")},
                 {ui.text("cli.drift.col.card")},
                 {ui.text("cli.drift.col.host")},
                 {ui.text("cli.drift.col.guest")},
                 {ui.text("cli.drift.col.since")},
                 {ui.text("cli.drift.col.state")},
                 {ui.text("cli.drift.col.differs")}});
    bool by_copy = false;
    for (const auto& row : rows) {
        const bool copy = row.state != model::VmState::off;
        by_copy = by_copy || copy;
        table.add({{row.vm_name + (copy ? " *" : ""), Tone::strong},
                   {row.card_name},
                   {or_dash(row.drift.host_version)},
                   {or_dash(row.drift.guest_version)},
                   {row.drift.since.empty() ? "–" : text::format_time(row.drift.since)},
                   state_cell(row, ui),
                   difference_cell(row, ui)});
    }
    std::string out = table.render(ui);
    std::string shown; // one line a VM, however many cards it has
    for (const auto& row : rows) {
        if (!row.waiting || row.vm.str() == shown) continue;
        shown = row.vm.str();
        const auto& waiting = *row.waiting;
        const auto* key = waiting.given_up          ? "cli.drift.given_up"
                          : waiting.problem.empty() ? "cli.drift.waiting"
                                                    : "cli.drift.waiting_problem";
        out += '\n' + paragraph("",
                                ui.text(key, {{"vm", row.vm_name},
                                              {"since", text::format_time(waiting.since)},
                                              {"problem", waiting.problem},
                                              {"tries", std::to_string(waiting.tries)}}),
                                ui);
    }
    if (by_copy) out += '\n' + paragraph("", ui.text("cli.drift.by_copy"), ui);
    if (files)
        for (const auto& row : rows)
            if (auto list = files_text(row, ui); !list.empty())
                out += '\n' + ui.paint(Tone::strong, printable(row.card_name)) + '\n' + list;
    return out;
}

} // namespace exhyperv::cli

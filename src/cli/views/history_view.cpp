#include "cli/views/history_view.h"

#include "cli/output.h"
#include "cli/table.h"
#include "cli/views/setting_text.h"
#include "text/quantity.h"

#include <fmt/format.h>

namespace exhyperv::cli {
namespace {

using State = assign::HistoryEntry::State;

std::string state_text(State state, const Ui& ui) {
    switch (state) {
    case State::open:
        return ui.text("cli.history.open");
    case State::running:
        return ui.text("cli.history.running");
    case State::done:
        return ui.text("cli.history.done");
    case State::undone:
        return ui.text("cli.history.undone");
    case State::partly_undone:
        return ui.text("cli.history.partly_undone");
    case State::damaged:
        return ui.text("cli.history.damaged");
    }
    return {};
}

Tone tone_of(State state) {
    switch (state) {
    case State::done:
        return Tone::good;
    case State::open:
    case State::partly_undone:
    case State::damaged:
        return Tone::bad;
    case State::undone:
        return Tone::warn;
    case State::running:
        return Tone::accent;
    }
    return Tone::plain;
}

} // namespace

std::string short_id(const std::string& id) {
    return id.substr(0, 8);
}

std::string history_table(const std::vector<assign::HistoryEntry>& entries, const Ui& ui) {
    if (entries.empty()) return ui.text("cli.history.none") + '\n';
    Table table({{ui.text("cli.history.col.id"), false, true},
                 {ui.text("cli.history.col.started"), false, true},
                 {ui.text("cli.history.col.what")},
                 {ui.text("cli.history.col.state")},
                 {ui.text("cli.history.col.steps"), true},
                 {ui.text("cli.history.col.who")}});
    for (const auto& entry : entries)
        table.add({{short_id(entry.plan.id), Tone::faint},
                   {text::format_time(entry.started)},
                   {ui.text(entry.plan.title), Tone::strong},
                   {state_text(entry.state, ui), tone_of(entry.state)},
                   {fmt::format("{}/{}", entry.steps_done, entry.plan.steps.size())},
                   {entry.who}});
    return table.render(ui) + ui.paint(Tone::faint, ui.text("cli.history.hint")) + '\n';
}

std::string history_text(const assign::HistoryEntry& entry, const Ui& ui) {
    std::string out = ui.paint(Tone::strong, ui.text(entry.plan.title)) + '\n';
    Fields fields;
    fields.add(ui.text("cli.label.operation"), entry.plan.id);
    fields.add(ui.text("cli.label.host"), entry.plan.host_uri);
    fields.add(ui.text("cli.label.state"), state_text(entry.state, ui), tone_of(entry.state));
    fields.add(ui.text("cli.label.started"), text::format_time(entry.started));
    if (!entry.finished.empty()) fields.add(ui.text("cli.label.finished"), text::format_time(entry.finished));
    fields.add(ui.text("cli.label.who"), entry.who);
    out += fields.render(ui, 2) + '\n' + ui.paint(Tone::strong, ui.text("cli.plan.steps")) + '\n';
    const bool taken_back = entry.state == State::undone;
    for (std::size_t i = 0; i < entry.plan.steps.size(); ++i) {
        const bool done = i < entry.steps_done;
        const std::string_view mark = !done ? "·" : taken_back ? "↩" : "✓";
        out += paragraph(fmt::format("  {} {}  ", mark, i + 1), step_title(entry.plan.steps[i], ui), ui);
    }
    if (entry.error) out += '\n' + error_text(*entry.error, ui);
    return out;
}

} // namespace exhyperv::cli

#include "cli/views/step_view.h"

#include "cli/views/setting_text.h"
#include "support/utf.h"
#include "text/quantity.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::cli {
namespace {

constexpr std::size_t kIndent = 2;
constexpr auto kWorthTelling = std::chrono::milliseconds(500);

/// "  ✓ 3/5  text": wrapped lines begin under the text. The colour must not count as columns.
std::string mark_line(std::string_view mark, Tone tone, const std::string& number, const std::string& text,
                      const Ui& ui) {
    const std::string indent(kIndent, ' ');
    const std::string block = paragraph(indent + std::string(mark) + ' ' + number, text, ui);
    return indent + ui.paint(tone, mark) + block.substr(kIndent + mark.size());
}

} // namespace

bool counts_bytes(const assign::Step& step) {
    return step.kind == "guest.import" || step.kind == "guest.purge";
}

StepView::StepView(const assign::Plan& plan, Output& output) : plan_(plan), output_(output) {}

std::string StepView::number(std::size_t index) const {
    return fmt::format("{}/{}  ", index + 1, plan_.steps.size());
}

void StepView::begin(const assign::Step& step, std::size_t index, bool undo) {
    began_ = std::chrono::steady_clock::now();
    bytes_ = 0;
    std::string title = number(index);
    title += undo && !step.undo.key.empty() ? output_.ui().text(step.undo) : step_title(step, output_.ui());
    line_ = std::make_unique<ProgressLine>(output_, "… " + title, kIndent, counts_bytes(step));
    line_->update({});
}

void StepView::end(std::string_view mark, Tone tone, std::size_t index, const std::string& text) {
    std::string whole = text;
    if (line_) {
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_);
        if (took >= kWorthTelling || bytes_ > 0) {
            whole += "  (";
            if (bytes_ > 0) whole += text::format_size(bytes_) + ", ";
            whole += text::format_duration(took, output_.ui().language);
            if (bytes_ > 0 && took >= kWorthTelling) whole += ", " + text::format_rate(bytes_, took);
            whole += ')';
        }
    }
    line_.reset();
    output_.print(mark_line(mark, tone, number(index), whole, output_.ui()));
}

void StepView::handle(const assign::StepEvent& event) {
    if (output_.json() || event.step >= plan_.steps.size()) return;
    const assign::Step& step = plan_.steps[event.step];
    const Ui& ui = output_.ui();
    const std::string title = step_title(step, ui);
    using Kind = assign::StepEvent::Kind;
    switch (event.kind) {
    case Kind::started:
        begin(step, event.step, false);
        break;
    case Kind::progress:
        if (counts_bytes(step)) bytes_ = std::max(bytes_, event.progress.done);
        if (line_) line_->update(event.progress);
        break;
    case Kind::done:
        end("✓", Tone::good, event.step, title);
        break;
    case Kind::already_done: // reading back changes nothing by its nature: there it means done
        if (step.kind.ends_with(".verify"))
            end("✓", Tone::good, event.step, title);
        else
            end("✓", Tone::faint, event.step, title + "  " + ui.text("cli.step.already_done"));
        break;
    case Kind::failed:
        end("✗", Tone::bad, event.step, title);
        if (event.error) output_.print(paragraph("      ", text::render_error(*event.error, ui.language).title, ui));
        break;
    case Kind::undo_started:
        if (!undoing_) {
            line_.reset();
            output_.print('\n' + ui.paint(Tone::strong, ui.text("cli.step.undoing")) + '\n');
        }
        undoing_ = true;
        begin(step, event.step, true);
        break;
    case Kind::undone:
        end("↩", Tone::good, event.step, ui.text("cli.step.undone", {{"what", title}}));
        break;
    case Kind::undo_failed:
        end("✗", Tone::bad, event.step, ui.text("cli.step.undo_failed", {{"what", title}}));
        if (event.error) output_.print(paragraph("      ", text::render_error(*event.error, ui.language).title, ui));
        break;
    }
}

std::string read_back_text(const assign::OperationResult& result, const Ui& ui) {
    std::string facts, warnings;
    for (const auto& step : result.steps) {
        for (const Message& fact : step.facts)
            facts += paragraph("  • ", fact_text(fact, ui), ui);
        for (const Message& warning : step.warnings)
            warnings += paragraph("  ! ", ui.text(warning), ui);
    }
    std::string out;
    if (!facts.empty()) out += ui.paint(Tone::strong, ui.text("cli.done.read_back")) + '\n' + facts + '\n';
    if (!warnings.empty()) out += ui.paint(Tone::strong, ui.text("cli.done.warnings")) + '\n' + warnings + '\n';
    return out;
}

} // namespace exhyperv::cli

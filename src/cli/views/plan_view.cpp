#include "cli/views/plan_view.h"

#include "cli/table.h"
#include "cli/views/setting_text.h"
#include "support/utf.h"
#include "text/catalogue.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace exhyperv::cli {
namespace {

constexpr std::string_view kMarks[] = {"✓", "!", "✗", "?"};
constexpr Tone kTones[] = {Tone::good, Tone::warn, Tone::bad, Tone::warn};

std::string title_of(const assign::Check& check, const Ui& ui) {
    const auto title = text::find_text("check." + check.id, ui.language);
    return title ? std::string(*title) : check.id;
}

/// The column in which the evidence begins; on a narrow terminal titles are not aligned, to leave room for it.
std::size_t title_width(const std::vector<assign::Check>& checks, const Ui& ui) {
    if (ui.width < 70) return 0;
    std::size_t width = 0;
    for (const auto& check : checks)
        width = std::max(width, display_width(title_of(check, ui)));
    return std::min<std::size_t>(width, 28);
}

std::string check_text(const assign::Check& check, std::size_t width, const Ui& ui) {
    const auto mark = kMarks[static_cast<std::size_t>(check.verdict)];
    const std::string title = pad(title_of(check, ui), width);
    std::string evidence = ui.text(check.evidence);
    if (ui.verbose) evidence += "  [" + check.id + ']';
    const std::string head = "  " + std::string(mark) + ' ';
    std::string out;
    if (width == 0) {
        out = paragraph(head, title + ": " + evidence, ui).substr(head.size());
    } else {
        out = paragraph(head + title + "  ", evidence, ui).substr(head.size() + title.size());
        out.insert(0, ui.paint(Tone::strong, title));
    }
    out.insert(0, "  " + verdict_mark(check.verdict, ui) + ' ');
    const std::string indent(4 + (width == 0 ? 0 : display_width(title) + 2), ' ');
    if (!check.remedy.key.empty()) out += paragraph(indent + "→ ", ui.text(check.remedy), ui);
    return out;
}

std::string number_of(std::size_t index, std::size_t total) {
    const std::size_t width = std::to_string(total).size();
    std::string text = std::to_string(index + 1);
    return "  " + std::string(width - text.size(), ' ') + text + ". ";
}

} // namespace

std::string verdict_mark(assign::Verdict verdict, const Ui& ui) {
    const auto index = static_cast<std::size_t>(verdict);
    return ui.paint(kTones[index], kMarks[index]);
}

std::string plan_heading(const assign::Plan& plan, const Ui& ui) {
    return ui.paint(Tone::strong, ui.text(plan.title)) + '\n' +
           ui.paint(Tone::faint, ui.text("cli.plan.host", {{"host", plan.host_uri}})) + "\n\n";
}

std::string checks_in_full(const assign::Plan& plan, const Ui& ui) {
    if (plan.checks.empty()) return {};
    std::string out = ui.paint(Tone::strong, ui.text("cli.plan.checks")) + '\n';
    const std::size_t width = title_width(plan.checks, ui);
    for (const auto& check : plan.checks)
        out += check_text(check, width, ui);
    return out + '\n';
}

std::string checks_in_short(const std::vector<assign::Check>& checks, const Ui& ui) {
    if (checks.empty()) return {};
    const auto count = [&](assign::Verdict verdict) {
        return std::ranges::count(checks, verdict, &assign::Check::verdict);
    };
    std::string summary = ui.text("cli.plan.checks_passed", {{"passed", std::to_string(count(assign::Verdict::pass))},
                                                             {"total", std::to_string(checks.size())}});
    std::string out = ui.paint(Tone::strong, ui.text("cli.plan.checks")) + "  " + summary + '\n';
    std::vector<assign::Check> notable;
    std::ranges::copy_if(checks, std::back_inserter(notable),
                         [](const auto& check) { return check.verdict != assign::Verdict::pass; });
    const std::size_t width = title_width(notable, ui);
    for (const auto& check : notable)
        out += check_text(check, width, ui);
    return out + '\n';
}

std::string steps_in_full(const assign::Plan& plan, const Ui& ui) {
    if (plan.steps.empty()) return {};
    std::string out = ui.paint(Tone::strong, ui.text("cli.plan.steps")) + '\n';
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        const auto& step = plan.steps[i];
        const std::string number = number_of(i, plan.steps.size());
        const std::string indent(number.size(), ' ');
        std::string what = step_title(step, ui);
        if (step.needs_vm_off) what += ui.text("cli.plan.needs_vm_off");
        if (ui.verbose && step.needs_elevation) what += ui.text("cli.plan.needs_elevation");
        if (ui.verbose) what += "  [" + step.id + ']';
        out += paragraph(number, what, ui);
        Fields changes;
        for (const auto& [label, value] : setting_changes(step, ui))
            changes.add(label, value);
        out += changes.render(ui, indent.size() + 2);
        const std::string why = ui.text("cli.plan.why"), undo = ui.text("cli.plan.undo");
        const std::size_t label = std::max(display_width(why), display_width(undo)) + 2;
        if (!step.why.key.empty()) out += paragraph(indent + pad(why, label), ui.text(step.why), ui);
        if (!step.undo.key.empty()) out += paragraph(indent + pad(undo, label), ui.text(step.undo), ui);
    }
    return out + '\n';
}

std::string steps_in_short(const assign::Plan& plan, const Ui& ui) {
    if (plan.steps.empty()) return {};
    std::string out = ui.paint(Tone::strong, ui.text("cli.plan.steps")) + '\n';
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
        out += paragraph(number_of(i, plan.steps.size()), step_title(plan.steps[i], ui), ui);
    return out + '\n';
}

} // namespace exhyperv::cli

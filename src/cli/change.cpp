#include "cli/change.h"

#include "app/interrupt.h"
#include "cli/rights.h"
#include "cli/views/plan_view.h"
#include "cli/views/step_view.h"
#include "support/log.h"
#include "support/utf.h"
#include "text/quantity.h"

#include <algorithm>

namespace exhyperv::cli {
namespace {

using std::chrono::milliseconds;

std::string next_commands(const std::vector<NextCommand>& commands, const Ui& ui) {
    std::size_t width = 0;
    for (const auto& command : commands)
        width = std::max(width, display_width(command.line));
    std::string out;
    for (const auto& command : commands)
        out += "  " + ui.paint(Tone::accent, pad(command.line, width)) + "  " +
               ui.paint(Tone::faint, ui.text(command.help)) + '\n';
    return out;
}

Result<ExitCode> show_dry_run(Invocation& call, const assign::Plan& plan, const ChangeTexts& texts) {
    const Ui& ui = call.output.ui();
    call.output.result(change_document(plan, nullptr, true, ui.language));
    call.output.print(plan_heading(plan, ui) + checks_in_full(plan, ui));
    if (plan.blocked()) {
        call.output.print(steps_in_full(plan, ui));
        call.output.print(paragraph("", ui.text("cli.plan.would_be_refused"), ui));
        return ExitCode::refused;
    }
    if (plan.nothing_to_do())
        call.output.print(paragraph("", ui.text(texts.nothing), ui));
    else
        call.output.print(steps_in_full(plan, ui) + paragraph("", ui.text("cli.plan.dry_run_end"), ui));
    return ExitCode::done;
}

/// The executor's own refusal is the error: one rule, one wording.
Result<ExitCode> refuse_blocked(Invocation& call, const assign::Plan& plan) {
    const Ui& ui = call.output.ui();
    call.output.result(change_document(plan, nullptr, false, ui.language));
    call.output.print(plan_heading(plan, ui) + checks_in_short(plan.checks, ui));
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY(session->execute(plan, {}, call.look_context()));
    return fail("cli.internal", {{"what", "a blocked plan was executed"}});
}

void explain_failure(Invocation& call, const assign::OperationResult& result) {
    const Ui& ui = call.output.ui();
    call.output.line();
    if (result.outcome == assign::Outcome::undone) {
        call.output.print(paragraph("", ui.text("cli.done.undone"), ui));
        return;
    }
    call.output.print(ui.paint(Tone::bad, ui.text("cli.done.partly_undone")) + '\n');
    for (const auto& error : result.undo_errors)
        call.output.print(error_text(error, ui));
    call.output.print('\n' + ui.paint(Tone::strong, ui.text("cli.done.then")) + '\n' +
                      next_commands({{call.own_command("recover"), "cli.look.recover"},
                                     {call.own_command("recover --accept"), "cli.look.accept"}},
                                    ui));
}

} // namespace

ExitCode report_outcome(Invocation& call, const assign::Plan& plan, const assign::OperationResult& result,
                        const ChangeTexts& texts, milliseconds took) {
    Output& output = call.output;
    const Ui& ui = output.ui();
    output.result(change_document(plan, &result, false, ui.language));
    switch (result.outcome) {
    case assign::Outcome::nothing_to_do:
        output.print(paragraph("", ui.text(texts.nothing), ui));
        return ExitCode::done;
    case assign::Outcome::done: {
        output.line();
        output.print(read_back_text(result, ui));
        output.print(
            ui.paint(Tone::good, "✓ ") +
            ui.paint(Tone::strong, ui.text("cli.done.done", {{"time", text::format_duration(took, ui.language)}})) +
            '\n');
        if (!texts.look.empty())
            output.print('\n' + ui.paint(Tone::strong, ui.text("cli.done.look")) + '\n' +
                         next_commands(texts.look, ui));
        return ExitCode::done;
    }
    case assign::Outcome::undone:
    case assign::Outcome::partly_undone:
        break;
    }
    explain_failure(call, result);
    if (result.error) output.error(*result.error);
    if (result.outcome == assign::Outcome::partly_undone) return ExitCode::partly_undone;
    // Stopped at the user's wish or out of time, between two steps or inside a job of the host.
    const bool stopped = result.error && exit_code_of(*result.error) == ExitCode::cancelled;
    return stopped ? ExitCode::cancelled : ExitCode::undone;
}

Result<ExitCode> carry_out(Invocation& call, const assign::Plan& plan, const ChangeTexts& texts) {
    Output& output = call.output;
    const Ui& ui = output.ui();
    if (call.arguments.has("--dry-run")) return show_dry_run(call, plan, texts);
    TRY_ASSIGN(app::Session* const session, call.session());
    if (only_rights_are_missing(plan, session->elevated()) && can_ask_for_rights(call)) return run_with_rights(call);
    if (plan.blocked()) return refuse_blocked(call, plan);

    output.print(plan_heading(plan, ui) + checks_in_short(plan.checks, ui));
    if (plan.nothing_to_do()) {
        output.result(change_document(plan, nullptr, false, ui.language));
        output.print(paragraph("", ui.text(texts.nothing), ui));
        return ExitCode::done;
    }
    output.result(change_document(plan, nullptr, false, ui.language)); // what a refused confirmation leaves behind
    if (!call.settings().yes) output.print(steps_in_full(plan, ui));
    TRY(call.confirm(texts.question));

    output.print(ui.paint(Tone::strong, ui.text("cli.plan.steps")) + '\n');
    const CancelToken cancel;
    const auto began = std::chrono::steady_clock::now();
    StepView view(plan, output);
    auto result = [&] {
        const app::InterruptGuard guard(cancel);
        return session->execute(plan, view.sink(), call.change_context(cancel));
    }();
    if (!result) return fail(std::move(result).error());
    const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    return report_outcome(call, plan, *result, texts, took);
}

drivers::ScopeWish scope_wish(const Arguments& arguments) {
    drivers::ScopeWish wish{
        arguments.has("--only-needed"), arguments.has("--full-store"), arguments.has("--vendor-folders"), {}};
    for (const auto& extra : arguments.all("--extra"))
        wish.extras.push_back(drivers::parse_extra(extra));
    return wish;
}

Result<assign::PowerPolicy> power_policy(const Arguments& arguments) {
    const bool shutdown = arguments.has("--shutdown"), turn_off = arguments.has("--turn-off");
    if (shutdown && turn_off) return fail("cli.contradiction", {{"one", "--shutdown"}, {"other", "--turn-off"}});
    return shutdown   ? assign::PowerPolicy::shut_down
           : turn_off ? assign::PowerPolicy::turn_off
                      : assign::PowerPolicy::refuse;
}

std::optional<guest::Engine> engine_wish(const Arguments& arguments) {
    return guest::engine_of_name(arguments.text("--engine"));
}

} // namespace exhyperv::cli

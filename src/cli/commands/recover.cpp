#include "app/interrupt.h"
#include "cli/change.h"
#include "cli/commands/commands.h"
#include "cli/rights.h"
#include "cli/views/history_view.h"
#include "cli/views/step_view.h"
#include "support/strings.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "OPERATION", .help = "cli.arg.recover", .required = false}};
constexpr OptionSpec kOptions[] = {
    {.name = "--resume", .help = "cli.opt.resume"},
    {.name = "--accept", .help = "cli.opt.accept"},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv recover", "cli.recover.example"},
    {"exhyperv recover --resume --yes", "cli.recover.example_resume"},
};

struct Way {
    assign::RecoveryMode mode;
    std::string_view question;
};

Result<Way> way_of(const Arguments& arguments) {
    const bool resume = arguments.has("--resume"), accept = arguments.has("--accept");
    if (resume && accept) return fail("cli.contradiction", {{"one", "--resume"}, {"other", "--accept"}});
    if (resume) return Way{assign::RecoveryMode::resume, "cli.recover.question_resume"};
    if (accept) return Way{assign::RecoveryMode::accept, "cli.recover.question_accept"};
    return Way{assign::RecoveryMode::roll_back, "cli.recover.question"};
}

Result<ExitCode> recover_one(Invocation& call, app::Session& session, const assign::HistoryEntry& entry,
                             const Way& way) {
    Output& output = call.output;
    const Ui& ui = output.ui();
    const bool damaged = entry.state == assign::HistoryEntry::State::damaged;
    if (damaged && way.mode != assign::RecoveryMode::accept) return fail(*entry.error);
    if (entry.undoing && way.mode == assign::RecoveryMode::resume)
        return fail("operation.cannot_resume", {{"id", entry.plan.id}});
    output.print(history_text(entry, ui) + '\n');
    TRY(call.confirm(way.question));

    const CancelToken cancel;
    const auto began = std::chrono::steady_clock::now();
    StepView view(entry.plan, output);
    auto result = [&] {
        const app::InterruptGuard guard(cancel);
        return session.recover(entry.plan.id, way.mode, view.sink(), call.change_context(cancel));
    }();
    if (!result) return fail(std::move(result).error());
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    // Undone is what was wanted here, and accepted is what was asked for: neither is a failure.
    const bool rolled_back = way.mode == assign::RecoveryMode::roll_back && result->outcome == assign::Outcome::undone;
    if (rolled_back || way.mode == assign::RecoveryMode::accept) {
        output.result(change_document(entry.plan, &*result, false, ui.language));
        output.print('\n' + ui.paint(Tone::good, "✓ ") +
                     ui.text(rolled_back ? "cli.recover.rolled_back" : "cli.recover.accepted") + '\n');
        return ExitCode::done;
    }
    return report_outcome(call, entry.plan, *result,
                          {{}, "cli.recover.nothing", {{call.own_command("history"), "cli.look.history"}}}, took);
}

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(const Way way, way_of(call.arguments));
    TRY_ASSIGN(app::Session* const session, call.session(false));
    TRY_ASSIGN(auto open, session->open_operations());
    const std::string wanted = call.arguments.text("OPERATION");
    if (!wanted.empty()) {
        std::erase_if(open, [&](const auto& entry) { return !istarts_with(entry.plan.id, wanted); });
        if (open.empty()) return fail("cli.operation_not_found", {{"operation", wanted}});
    }
    if (open.empty()) {
        call.output.result(history_document({}, call.output.ui().language));
        call.output.print(call.output.ui().text("cli.recover.none") + '\n');
        return ExitCode::done;
    }
    if (!session->elevated() && can_ask_for_rights(call)) return run_with_rights(call);
    for (const auto& entry : open) {
        TRY_ASSIGN(const ExitCode code, recover_one(call, *session, entry, way));
        if (code != ExitCode::done) return code;
    }
    return ExitCode::done;
}

} // namespace

const CommandSpec kRecover{"",        "recover", "cli.recover.summary", "cli.recover.details", kPositionals, kOptions,
                           kExamples, run};

} // namespace exhyperv::cli

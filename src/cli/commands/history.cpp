#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/history_view.h"
#include "support/strings.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "OPERATION", .help = "cli.arg.operation", .required = false}};
constexpr OptionSpec kOptions[] = {
    {.name = "--limit", .value = "NUMBER", .help = "cli.opt.limit"},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv history", "cli.history.example"},
    {"exhyperv history 3F2504E0", "cli.history.example_one"},
};
constexpr std::uint32_t kShown = 20;

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(const std::uint32_t limit, call.arguments.number("--limit", 1, 100'000, kShown));
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(auto entries, session->history());
    const Ui& ui = call.output.ui();
    const std::string wanted = call.arguments.text("OPERATION");
    if (!wanted.empty()) {
        std::erase_if(entries, [&](const auto& entry) { return !istarts_with(entry.plan.id, wanted); });
        if (entries.empty()) return fail("cli.operation_not_found", {{"operation", wanted}});
    } else if (entries.size() > limit) {
        entries.resize(limit);
    }
    call.output.result(history_document(entries, ui.language));
    if (wanted.empty())
        call.output.print(history_table(entries, ui));
    else
        for (const auto& entry : entries)
            call.output.print(history_text(entry, ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kHistory{"",        "history", "cli.history.summary", "cli.history.details", kPositionals, kOptions,
                           kExamples, run};

} // namespace exhyperv::cli

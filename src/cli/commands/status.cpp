#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/inventory_view.h"

namespace exhyperv::cli {
namespace {

constexpr ExampleSpec kExamples[] = {
    {"exhyperv status", "cli.status.example"},
    {"exhyperv status --json", "cli.status.example_json"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    const CallContext context = call.look_context();
    TRY_ASSIGN(const auto facts, session->facts(context));
    TRY_ASSIGN(const auto inventory, session->inventory(context));
    TRY_ASSIGN(const auto open, session->open_operations());
    const auto readiness = session->readiness(facts, inventory, open, context);
    const Ui& ui = call.output.ui();
    call.output.result(status_document(*session, facts, inventory, readiness, open, ui.language));
    call.output.print(status_text(*session, facts, inventory, readiness, ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kStatus{"", "status", "cli.status.summary", "cli.status.details", {}, {}, kExamples, run};

} // namespace exhyperv::cli

#include "app/config.h"
#include "cli/commands/commands.h"
#include "cli/documents/host.h"
#include "cli/invocation.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "HOST", .help = "cli.arg.host_known"}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv host remove lab", "cli.host_remove.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(const auto host, app::remove_host(call.settings().data_directory, call.arguments.text("HOST")));
    const Ui& ui = call.output.ui();
    call.output.result(host_document(host));
    call.output.print(ui.paint(Tone::good, "✓ ") + ui.text("cli.host_remove.done", {{"host", host.uri}}) + '\n');
    return ExitCode::done;
}

} // namespace

const CommandSpec kHostRemove{
    "host", "remove", "cli.host_remove.summary", "cli.host_remove.details", kPositionals, {}, kExamples, run};

} // namespace exhyperv::cli

#include "app/config.h"
#include "cli/commands/commands.h"
#include "cli/documents/host.h"
#include "cli/invocation.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "URI", .help = "cli.arg.host_uri"}};
constexpr OptionSpec kOptions[] = {
    {.name = "--name", .value = "NAME", .help = "cli.opt.host_name"},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv host add sim:server2025 --name lab", "cli.host_add.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(const auto host, app::add_host(call.settings().data_directory, call.arguments.text("URI"),
                                              call.arguments.maybe("--name").value_or("")));
    const Ui& ui = call.output.ui();
    call.output.result(host_document(host));
    call.output.print(ui.paint(Tone::good, "✓ ") + ui.text("cli.host_add.done", {{"host", host.uri}}) + '\n');
    return ExitCode::done;
}

} // namespace

const CommandSpec kHostAdd{"host",    "add", "cli.host_add.summary", "cli.host_add.details", kPositionals, kOptions,
                           kExamples, run};

} // namespace exhyperv::cli

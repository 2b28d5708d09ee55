#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/progress_line.h"

#include <memory>

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "SCENARIO", .help = "cli.arg.scenario", .required = false}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv sim reset --yes", "cli.sim_reset.example"},
    {"exhyperv sim reset server2025", "cli.sim_reset.example_named"},
};

Result<ExitCode> run(Invocation& call) {
    Output& output = call.output;
    const std::string named = call.arguments.text("SCENARIO");
    TRY_ASSIGN(const auto uri, named.empty() ? call.host_uri() : app::parse_host_uri("sim:" + named));
    output.line(output.ui().text("cli.sim_reset.about", {{"host", uri.text}}));
    TRY(call.confirm("cli.sim_reset.question"));
    {
        ProgressLine line(output, "", 2, true);
        TRY(app::reset_simulation(uri, call.settings().data_directory,
                                  [&](const Progress& progress) { line.update(progress); }));
    }
    output.result(reset_document(uri.text));
    output.print(output.ui().paint(Tone::good, "✓ ") + output.ui().text("cli.sim_reset.done", {{"host", uri.text}}) +
                 '\n');
    return ExitCode::done;
}

} // namespace

const CommandSpec kSimReset{"sim",     "reset", "cli.sim_reset.summary", "cli.sim_reset.details", kPositionals, {},
                            kExamples, run};

} // namespace exhyperv::cli

#include "cli/commands/commands.h"
#include "cli/documents/drift.h"
#include "cli/invocation.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "GPU", .help = "cli.arg.gpu_sim"},
                                           {.name = "VERSION", .help = "cli.arg.driver_version"}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv sim update-driver \"RTX 4070\" 32.0.15.9999", "cli.sim_update_driver.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(const auto uri, call.host_uri());
    TRY_ASSIGN(const auto updated,
               app::update_simulated_driver(uri, call.settings().data_directory, call.arguments.text("GPU"),
                                            call.arguments.text("VERSION"), call.look_context()));
    const Ui& ui = call.output.ui();
    call.output.result(updated_driver_document(uri.text, updated));
    call.output.print(ui.paint(Tone::good, "✓ ") +
                      ui.text("cli.sim_update_driver.done",
                              {{"gpu", updated.gpu}, {"version", updated.version}, {"before", updated.before}}) +
                      '\n');
    return ExitCode::done;
}

} // namespace

const CommandSpec kSimUpdateDriver{"sim",
                                   "update-driver",
                                   "cli.sim_update_driver.summary",
                                   "cli.sim_update_driver.details",
                                   kPositionals,
                                   {},
                                   kExamples,
                                   run};

} // namespace exhyperv::cli

#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/inventory_view.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "GPU", .help = "cli.arg.gpu"}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv gpu show \"RTX 4070\"", "cli.gpu_show.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto inventory, session->inventory(call.look_context()));
    TRY_ASSIGN(const auto gpu, session->find_gpu(inventory, call.arguments.text("GPU")));
    call.output.result(gpu_document(inventory, gpu));
    call.output.print(gpu_text(inventory, gpu, call.output.ui()));
    return ExitCode::done;
}

} // namespace

const CommandSpec kGpuShow{"gpu",     "show", "cli.gpu_show.summary", "cli.gpu_show.details", kPositionals, {},
                           kExamples, run};

} // namespace exhyperv::cli

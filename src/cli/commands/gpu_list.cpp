#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/inventory_view.h"

namespace exhyperv::cli {
namespace {

constexpr ExampleSpec kExamples[] = {
    {"exhyperv gpu list", "cli.gpu_list.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto inventory, session->inventory(call.look_context()));
    call.output.result(gpu_list_document(inventory));
    call.output.print(gpu_table(inventory, call.output.ui()));
    return ExitCode::done;
}

} // namespace

const CommandSpec kGpuList{"gpu", "list", "cli.gpu_list.summary", "cli.gpu_list.details", {}, {}, kExamples, run};

} // namespace exhyperv::cli

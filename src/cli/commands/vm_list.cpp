#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/inventory_view.h"

namespace exhyperv::cli {
namespace {

constexpr ExampleSpec kExamples[] = {
    {"exhyperv vm list", "cli.vm_list.example"},
    {"exhyperv vm list --host sim:large?vms=500", "cli.vm_list.example_large"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto inventory, session->vm_inventory(call.look_context()));
    if (call.output.json())
        call.output.result(vm_list_document(inventory));
    else
        call.output.print(vm_table(inventory, call.output.ui()));
    return ExitCode::done;
}

} // namespace

const CommandSpec kVmList{"vm", "list", "cli.vm_list.summary", "cli.vm_list.details", {}, {}, kExamples, run};

} // namespace exhyperv::cli

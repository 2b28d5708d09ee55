#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/inventory_view.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "VM", .help = "cli.arg.vm"}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv vm show win11", "cli.vm_show.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto inventory, session->inventory(call.look_context()));
    TRY_ASSIGN(const auto vm, session->find_vm(inventory, call.arguments.text("VM")));
    call.output.result(vm_document(inventory, vm));
    call.output.print(vm_text(inventory, vm, call.output.ui()));
    return ExitCode::done;
}

} // namespace

const CommandSpec kVmShow{"vm", "show", "cli.vm_show.summary", "cli.vm_show.details", kPositionals, {}, kExamples, run};

} // namespace exhyperv::cli

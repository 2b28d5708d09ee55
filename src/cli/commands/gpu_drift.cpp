#include "cli/commands/commands.h"
#include "cli/documents/drift.h"
#include "cli/invocation.h"
#include "cli/views/drift_view.h"

#include <algorithm>

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {{.name = "--vm", .value = "VM", .help = "cli.opt.vm_one"}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv gpu drift", "cli.gpu_drift.example"},
    {"exhyperv gpu drift --vm win11", "cli.gpu_drift.example_vm"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    const auto vm = call.arguments.maybe("--vm");
    TRY_ASSIGN(const auto rows, session->drift(vm, call.look_context()));
    const Ui& ui = call.output.ui();
    call.output.result(drift_document(rows, ui.language));
    call.output.print(drift_table(rows, vm.has_value(), ui));
    if (std::ranges::any_of(rows, [](const auto& row) { return assign::lags(row) || assign::is_orphan(row); }))
        call.output.print('\n' + ui.text("cli.drift.sync_hint", {{"command", call.own_command("gpu sync")}}) + '\n');
    return ExitCode::done;
}

} // namespace

const CommandSpec kGpuDrift{"gpu",     "drift", "cli.gpu_drift.summary", "cli.gpu_drift.details", {}, kOptions,
                            kExamples, run};

} // namespace exhyperv::cli

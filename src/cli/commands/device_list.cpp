#include "cli/commands/commands.h"
#include "cli/documents/device_document.h"
#include "cli/invocation.h"
#include "cli/views/device_view.h"

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {{.name = "--all", .value = {}, .help = "cli.device_list.opt_all"}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv device list", "cli.device_list.example"},
    {"exhyperv device list --host sim:server2025", "cli.device_list.example_server"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto inventory, session->devices(call.look_context()));
    const auto& ui = call.output.ui();
    if (call.output.json())
        call.output.result(device_list_document(inventory, ui.language));
    else
        call.output.print(device_table(inventory, call.arguments.has("--all"), ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kDeviceList{"device",  "list", "cli.device_list.summary", "cli.device_list.details", {}, kOptions,
                              kExamples, run};

} // namespace exhyperv::cli

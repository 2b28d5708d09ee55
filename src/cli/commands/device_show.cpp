#include "cli/commands/commands.h"
#include "cli/documents/device_document.h"
#include "cli/invocation.h"
#include "cli/views/device_view.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "DEVICE", .help = "cli.arg.device"}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv device show \"RTX 4070\"", "cli.device_show.example"},
    {"exhyperv device show 01:00.0", "cli.device_show.example_address"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto inventory, session->devices(call.look_context()));
    TRY_ASSIGN(const auto* entry, assign::find_device(inventory, call.arguments.text("DEVICE")));
    const auto& ui = call.output.ui();
    call.output.result(device_document(inventory, *entry, ui.language));
    call.output.print(device_text(inventory, *entry, ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kDeviceShow{"device",  "show", "cli.device_show.summary", "cli.device_show.details", kPositionals, {},
                              kExamples, run};

} // namespace exhyperv::cli

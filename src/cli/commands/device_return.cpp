#include "assign/device/transition.h"
#include "cli/change.h"
#include "cli/commands/commands.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "DEVICE", .help = "cli.arg.devices", .many = true}};
constexpr OptionSpec kOptions[] = {
    kDryRunOption,
    {.name = "--with-companions", .help = "cli.opt.with_companions"},
    kShutdownOption,
    kTurnOffOption,
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv --host sim:server2025 device return \"VIA USB\" --dry-run", "cli.device_return.example_dry_run"},
    {"exhyperv --host sim:server2025 device return \"VIA USB\"", "cli.device_return.example"},
};

Result<ExitCode> run(Invocation& call) {
    assign::DeviceReturnRequest request;
    request.devices = call.arguments.all("DEVICE");
    request.with_companions = call.arguments.has("--with-companions");
    TRY_ASSIGN(request.power, power_policy(call.arguments));

    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto plan, session->plan(request, call.look_context()));
    return carry_out(call, plan,
                     {"cli.device_return.question",
                      "cli.device_return.nothing",
                      {{call.own_command("device list"), "cli.look.device_list"},
                       {call.own_command("history"), "cli.look.history"}}});
}

} // namespace

const CommandSpec kDeviceReturn{
    "device",  "return", "cli.device_return.summary", "cli.device_return.details", kPositionals, kOptions,
    kExamples, run};

} // namespace exhyperv::cli

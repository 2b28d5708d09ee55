#include "assign/device/transition.h"
#include "cli/change.h"
#include "cli/commands/commands.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {
    {.name = "DEVICE", .help = "cli.arg.devices_recover", .required = false, .many = true}};
constexpr OptionSpec kOptions[] = {
    kDryRunOption,
    {.name = "--with-disabled", .help = "cli.opt.with_disabled"},
    kShutdownOption,
    kTurnOffOption,
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv --host sim:server2025 device recover --dry-run", "cli.device_recover.example_dry_run"},
    {"exhyperv --host sim:server2025 device recover --yes", "cli.device_recover.example"},
};

Result<ExitCode> run(Invocation& call) {
    assign::DeviceRecoverRequest request;
    request.devices = call.arguments.all("DEVICE");
    request.with_disabled = call.arguments.has("--with-disabled");
    TRY_ASSIGN(request.power, power_policy(call.arguments));

    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto plan, session->plan(request, call.look_context()));
    return carry_out(call, plan,
                     {"cli.device_recover.question",
                      "cli.device_recover.nothing",
                      {{call.own_command("device list"), "cli.look.device_list"},
                       {call.own_command("history"), "cli.look.history"}}});
}

} // namespace

const CommandSpec kDeviceRecover{
    "device",  "recover", "cli.device_recover.summary", "cli.device_recover.details", kPositionals, kOptions,
    kExamples, run};

} // namespace exhyperv::cli

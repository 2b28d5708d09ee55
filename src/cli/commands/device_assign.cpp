#include "assign/device/transition.h"
#include "cli/change.h"
#include "cli/commands/commands.h"
#include "support/strings.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "DEVICE", .help = "cli.arg.devices", .many = true}};
constexpr OptionSpec kOptions[] = {
    {.name = "--vm", .value = "VM", .help = "cli.opt.device_vm", .required = true},
    kDryRunOption,
    {.name = "--with-companions", .help = "cli.opt.with_companions"},
    kShutdownOption,
    kTurnOffOption,
    {.name = "--require-acs", .help = "cli.opt.require_acs"},
    {.name = "--require-mitigations", .help = "cli.opt.require_mitigations"},
    {.name = "--accept", .value = "DANGERS", .help = "cli.opt.accept_dangers"},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv --host sim:server2025 device assign \"NVIDIA A16\" --vm render --dry-run",
     "cli.device_assign.example_dry_run"},
    {"exhyperv --host sim:server2025 device assign \"NVIDIA A16\" --vm render", "cli.device_assign.example"},
    {"exhyperv --host sim:server2025 device assign \"NVIDIA A16\" --vm render --with-companions --yes",
     "cli.device_assign.example_companions"},
};

Result<ExitCode> run(Invocation& call) {
    assign::DeviceAssignRequest request;
    request.devices = call.arguments.all("DEVICE");
    request.vm = call.arguments.text("--vm");
    request.with_companions = call.arguments.has("--with-companions");
    request.require_acs = call.arguments.has("--require-acs");
    request.require_mitigations = call.arguments.has("--require-mitigations");
    for (const std::string& danger : split(call.arguments.text("--accept"), ','))
        if (!trim(danger).empty()) request.accept.emplace_back(trim(danger));
    TRY_ASSIGN(request.power, power_policy(call.arguments));

    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto plan, session->plan(request, call.look_context()));
    return carry_out(
        call, plan,
        {"cli.device_assign.question",
         "cli.device_assign.nothing",
         {{call.own_command("device list"), "cli.look.device_list"},
          {call.own_command("vm show " + shell_word(request.vm)), "cli.look.vm_show"},
          {call.own_command("history"), "cli.look.history"},
          {call.own_command("device return " + shell_word(request.devices.front())), "cli.look.device_return"}}});
}

} // namespace

const CommandSpec kDeviceAssign{
    "device",  "assign", "cli.device_assign.summary", "cli.device_assign.details", kPositionals, kOptions,
    kExamples, run};

} // namespace exhyperv::cli

#include "cli/change.h"
#include "cli/commands/commands.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "GPU", .help = "cli.arg.gpu_remove", .required = false}};
constexpr OptionSpec kOptions[] = {
    {.name = "--vm", .value = "VM", .help = "cli.opt.vm_remove", .required = true},
    {.name = "--purge", .help = "cli.opt.purge"},
    kDryRunOption,
    kShutdownOption,
    kTurnOffOption,
    kDiskOption,
    kPartitionOption,
    kEngineOption,
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv gpu remove --vm win11 --purge --dry-run", "cli.gpu_remove.example_dry_run"},
    {"exhyperv gpu remove --vm win11 --purge", "cli.gpu_remove.example"},
    {"exhyperv gpu remove \"RTX 4070\" --vm win11", "cli.gpu_remove.example_one"},
};

Result<ExitCode> run(Invocation& call) {
    assign::GpuRemoveRequest request;
    request.gpu = call.arguments.text("GPU");
    request.vm = call.arguments.text("--vm");
    request.purge = call.arguments.has("--purge");
    request.disk = call.arguments.maybe("--disk");
    request.engine = engine_wish(call.arguments);
    TRY_ASSIGN(request.power, power_policy(call.arguments));
    TRY_ASSIGN(request.partition, call.arguments.number("--partition", 1, 128, 0));

    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto plan, session->plan(request, call.look_context()));
    const std::string name = shell_word(request.vm);
    return carry_out(call, plan,
                     {"cli.gpu_remove.question",
                      "cli.gpu_remove.nothing",
                      {{call.own_command("vm show " + name), "cli.look.vm_show"},
                       {call.own_command("guest inspect " + name), "cli.look.guest_inspect"},
                       {call.own_command("history"), "cli.look.history"}}});
}

} // namespace

const CommandSpec kGpuRemove{
    "gpu", "remove", "cli.gpu_remove.summary", "cli.gpu_remove.details", kPositionals, kOptions, kExamples, run};

} // namespace exhyperv::cli

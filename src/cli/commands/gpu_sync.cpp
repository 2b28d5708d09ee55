#include "cli/change.h"
#include "cli/commands/commands.h"

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {.name = "--vm", .value = "VM", .help = "cli.opt.vm_one"},
    {.name = "--all", .help = "cli.opt.all"},
    kDryRunOption,
    kShutdownOption,
    kTurnOffOption,
    {.name = "--when-off", .help = "cli.opt.when_off"},
    {.name = "--forget-waiting", .help = "cli.opt.forget_waiting"},
    kExtraOption,
    kFullStoreOption,
    kVendorFoldersOption,
    kOnlyNeededOption,
    kEngineOption,
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv gpu sync --dry-run", "cli.gpu_sync.example_dry_run"},
    {"exhyperv gpu sync --all --yes", "cli.gpu_sync.example"},
    {"exhyperv gpu sync --vm win11 --shutdown", "cli.gpu_sync.example_vm"},
    {"exhyperv gpu sync --all --when-off --yes", "cli.gpu_sync.example_when_off"},
};

Result<ExitCode> run(Invocation& call) {
    assign::GpuSyncRequest request;
    request.vm = call.arguments.maybe("--vm");
    if (request.vm && call.arguments.has("--all"))
        return fail("cli.contradiction", {{"one", "--vm"}, {"other", "--all"}});
    TRY_ASSIGN(request.power, power_policy(call.arguments));
    // VMs are not shut down by the dozen.
    if (!request.vm && request.power != assign::PowerPolicy::refuse)
        return fail("cli.contradiction",
                    {{"one", call.arguments.has("--shutdown") ? "--shutdown" : "--turn-off"}, {"other", "--all"}});
    request.scope = scope_wish(call.arguments);
    request.engine = engine_wish(call.arguments);
    request.when_off = call.arguments.has("--when-off");
    request.forget_waiting = call.arguments.has("--forget-waiting");
    if (request.when_off && request.power != assign::PowerPolicy::refuse)
        return fail("cli.contradiction",
                    {{"one", "--when-off"}, {"other", call.arguments.has("--shutdown") ? "--shutdown" : "--turn-off"}});
    if (request.forget_waiting && (request.when_off || !request.scope.none()))
        return fail("cli.contradiction", {{"one", "--forget-waiting"},
                                          {"other", request.when_off ? "--when-off" : "--extra, --full-store"}});
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto plan, session->plan(request, call.look_context()));
    return carry_out(
        call, plan,
        {"cli.gpu_add.question",
         "cli.gpu_sync.nothing",
         {{call.own_command("gpu drift"), "cli.look.gpu_drift"}, {call.own_command("history"), "cli.look.history"}}});
}

} // namespace

const CommandSpec kGpuSync{"gpu", "sync", "cli.gpu_sync.summary", "cli.gpu_sync.details", {}, kOptions, kExamples, run};

} // namespace exhyperv::cli

#include "cli/change.h"
#include "cli/commands/commands.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "GPU", .help = "cli.arg.gpu"}};
constexpr OptionSpec kOptions[] = {
    {.name = "--vm", .value = "VM", .help = "cli.opt.vm", .required = true},
    kDryRunOption,
    {.name = "--no-drivers", .help = "cli.opt.no_drivers"},
    {.name = "--copy", .help = "cli.opt.copy"},
    kExtraOption,
    kFullStoreOption,
    kVendorFoldersOption,
    kOnlyNeededOption,
    kShutdownOption,
    kTurnOffOption,
    kDiskOption,
    kPartitionOption,
    kEngineOption,
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv gpu add \"RTX 4070\" --vm win11 --dry-run", "cli.gpu_add.example_dry_run"},
    {"exhyperv gpu add \"RTX 4070\" --vm win11", "cli.gpu_add.example"},
    {"exhyperv gpu add \"RTX 4070\" --vm win11 --shutdown --yes --json", "cli.gpu_add.example_script"},
    {"exhyperv gpu add \"RTX 4070\" --vm win11 --extra \"nvhda.inf_*\"", "cli.gpu_add.example_extra"},
};

ChangeTexts texts_for(const Invocation& call, const std::string& vm) {
    const std::string name = shell_word(vm);
    return {"cli.gpu_add.question",
            "cli.gpu_add.nothing",
            {{call.own_command("vm show " + name), "cli.look.vm_show"},
             {call.own_command("guest inspect " + name), "cli.look.guest_inspect"},
             {call.own_command("history"), "cli.look.history"},
             {call.own_command("gpu remove --vm " + name + " --purge"), "cli.look.gpu_remove"}}};
}

Result<ExitCode> run(Invocation& call) {
    assign::GpuAddRequest request;
    request.gpu = call.arguments.text("GPU");
    request.vm = call.arguments.text("--vm");
    request.drivers = !call.arguments.has("--no-drivers");
    request.copy = call.arguments.has("--copy");
    request.scope = scope_wish(call.arguments);
    if (!request.drivers && !request.scope.none())
        return fail("cli.contradiction", {{"one", "--no-drivers"}, {"other", "--extra, --full-store, --only-needed"}});
    request.disk = call.arguments.maybe("--disk");
    request.engine = engine_wish(call.arguments);
    TRY_ASSIGN(request.power, power_policy(call.arguments));
    TRY_ASSIGN(request.partition, call.arguments.number("--partition", 1, 128, 0));

    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto plan, session->plan(request, call.look_context()));
    return carry_out(call, plan, texts_for(call, request.vm));
}

} // namespace

const CommandSpec kGpuAdd{"gpu",     "add", "cli.gpu_add.summary", "cli.gpu_add.details", kPositionals, kOptions,
                          kExamples, run};

} // namespace exhyperv::cli

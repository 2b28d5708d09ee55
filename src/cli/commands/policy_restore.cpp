#include "cli/change.h"
#include "cli/commands/commands.h"

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {kDryRunOption};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv policy restore --dry-run", "cli.policy_restore.example_dry_run"},
    {"exhyperv policy restore --yes", "cli.policy_restore.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto plan,
               session->plan(assign::PolicyRequest{assign::PolicyRequest::Wish::restore}, call.look_context()));
    return carry_out(
        call, plan,
        {"cli.gpu_add.question", "cli.policy_restore.nothing", {{call.own_command("policy show"), "cli.look.policy"}}});
}

} // namespace

const CommandSpec kPolicyRestore{
    "policy", "restore", "cli.policy_restore.summary", "cli.policy_restore.details", {}, kOptions, kExamples, run};

} // namespace exhyperv::cli

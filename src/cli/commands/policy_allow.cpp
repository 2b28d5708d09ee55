#include "cli/change.h"
#include "cli/commands/commands.h"

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {kDryRunOption};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv policy allow --dry-run", "cli.policy_allow.example_dry_run"},
    {"exhyperv policy allow --yes", "cli.policy_allow.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto plan,
               session->plan(assign::PolicyRequest{assign::PolicyRequest::Wish::allow}, call.look_context()));
    return carry_out(
        call, plan,
        {"cli.gpu_add.question", "cli.policy_allow.nothing", {{call.own_command("policy show"), "cli.look.policy"}}});
}

} // namespace

const CommandSpec kPolicyAllow{"policy",  "allow", "cli.policy_allow.summary", "cli.policy_allow.details", {}, kOptions,
                               kExamples, run};

} // namespace exhyperv::cli

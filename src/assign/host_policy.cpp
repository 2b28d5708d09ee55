#include "assign/host_policy.h"

#include "assign/gpu_steps.h"
#include "assign/preflight/groups.h"
#include "assign/state/original_policy.h"
#include "hyperv/host_facts.h"
#include "support/strings.h"

#include <algorithm>
#include <set>

namespace exhyperv::assign {

namespace {

std::optional<std::uint32_t> value_now(const model::HostFacts& facts, const std::string& name) {
    return name == hyperv::kRequireSecure ? facts.require_secure_device_assignment
                                          : facts.require_supported_device_assignment;
}

/// Those that still are what this program set them to; somebody else's changes stay.
PolicyValues still_ours(const PolicyValues& originals, const model::HostFacts& facts, Checks& checks) {
    PolicyValues back;
    for (const auto& [name, value] : originals)
        if (value_now(facts, name) == std::uint32_t{0})
            back.emplace(name, value);
        else
            checks.push_back(make_check("policy.values", Verdict::warn, "changed_since", {{"value", name}}));
    return back;
}

std::string partition_holders(const Survey& survey) {
    std::set<std::string, ILess> names;
    for (const auto& partition : survey.partitions)
        names.insert(survey.vm_name(partition.vm_id));
    return join({names.begin(), names.end()}, ", ");
}

} // namespace

Result<Plan> plan_policy(const Environment& environment, const PolicyRequest& request, const CallContext& context) {
    TRY_ASSIGN(const auto survey, read_survey(environment, context));
    const bool allow = request.wish == PolicyRequest::Wish::allow;
    Plan plan;
    plan.id = Guid::random().str();
    plan.operation = allow ? "policy.allow" : "policy.restore";
    plan.title = {allow ? "plan.policy_allow.title" : "plan.policy_restore.title", {}};
    plan.host_uri = environment.host.uri();
    for (Check& check : check_host(survey)) // registry values need no Hyper-V
        if (check.id == "host.elevation" || check.id == "host.journal" || (check.id == "host.policy" && allow))
            plan.checks.push_back(std::move(check));
    if (allow) {
        if (policy_missing(survey.facts)) plan.steps.push_back(policy_step());
        return plan;
    }
    TRY_ASSIGN(const auto originals, original_policy(environment.state_directory));
    if (originals.empty()) {
        plan.checks.push_back(make_check("policy.values", Verdict::pass, "untouched"));
        return plan;
    }
    const auto back = still_ours(originals, survey.facts, plan.checks);
    if (const auto holders = partition_holders(survey); !holders.empty() && survey.facts.server())
        plan.checks.push_back(make_check("policy.in_use", Verdict::warn, "vms", {{"vms", holders}}));
    plan.steps.push_back(policy_back_step(back));
    return plan;
}

} // namespace exhyperv::assign

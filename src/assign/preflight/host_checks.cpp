#include "assign/preflight/groups.h"
#include "assign/wddm.h"

#include <algorithm>
#include <iterator>

namespace exhyperv::assign {

namespace {

Check check_build(const model::HostFacts& facts) {
    const MessageArgs args{{"os", facts.os_name}, {"build", std::to_string(facts.build)}};
    const auto needed = facts.server() ? kFirstServerHostBuild : kFirstClientHostBuild;
    if (facts.build >= needed) return make_check("host.build", Verdict::pass, "ok", args);
    return make_check("host.build", Verdict::fail, facts.server() ? "server_too_old" : "client_too_old", args);
}

Check check_service(const model::HostFacts& facts) {
    if (!facts.hyperv_service_running) return make_check("host.hyperv", Verdict::unknown, "unknown");
    return *facts.hyperv_service_running ? make_check("host.hyperv", Verdict::pass, "running")
                                         : make_check("host.hyperv", Verdict::fail, "stopped");
}

Check check_policy(const model::HostFacts& facts) {
    if (!facts.server()) return make_check("host.policy", Verdict::pass, "client");
    return make_check("host.policy", Verdict::pass, policy_missing(facts) ? "will_be_set" : "set");
}

Check check_journal(const HistoryEntry& open) {
    if (open.state == HistoryEntry::State::damaged) return refused_check("host.journal", *open.error);
    return make_check("host.journal", Verdict::fail, "open",
                      {{"operation", open.plan.operation}, {"started", open.started}, {"id", open.plan.id}});
}

} // namespace

bool policy_missing(const model::HostFacts& facts) {
    return facts.server() && (facts.require_secure_device_assignment.value_or(1) != 0 ||
                              facts.require_supported_device_assignment.value_or(1) != 0);
}

Checks check_host(const Survey& survey) {
    const model::HostFacts& facts = survey.facts;
    Checks checks;
    checks.push_back(check_build(facts));
    checks.push_back(check_service(facts));
    checks.push_back(facts.elevated ? make_check("host.elevation", Verdict::pass, "elevated")
                                    : make_check("host.elevation", Verdict::fail, "missing"));
    checks.push_back(check_policy(facts));
    if (!survey.open.empty()) checks.push_back(check_journal(survey.open.front()));
    return checks;
}

Checks check_host_without_partitions(const Survey& survey) {
    auto checks = check_host(survey);
    std::erase_if(checks, [](const Check& check) { return check.id == "host.build" || check.id == "host.policy"; });
    return checks;
}

void append(Checks& to, Checks from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

} // namespace exhyperv::assign

#include "assign/device/transition_common.h"

#include "assign/preflight/groups.h"
#include "assign/wanted_settings.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

Plan begin_transition(const Environment& environment, const TransitionSurvey& survey, std::string operation,
                      Message title) {
    Plan plan;
    plan.id = Guid::random().str();
    plan.operation = std::move(operation);
    plan.title = std::move(title);
    plan.host_uri = environment.host.uri();
    append(plan.checks, check_host_without_partitions(survey.survey));
    return plan;
}

void leave_holder(TransitionSteps& steps, const TransitionSurvey& survey, const Mover& mover, std::size_t number) {
    const model::Vm* holder = mover.holder ? survey.vm(*mover.holder) : nullptr;
    if (holder) steps.remove(mover, *holder, mover.place != model::PlaceKind::vm, number);
}

Result<> restore_settings(const Environment& environment, const TransitionSurvey& survey,
                          const std::vector<Mover>& leaving, const Guid* target, TransitionSteps& steps, Checks& checks,
                          const CallContext& context) {
    std::vector<Guid> holders;
    for (const Mover& mover : leaving)
        if (mover.holder && std::find(holders.begin(), holders.end(), *mover.holder) == holders.end())
            holders.push_back(*mover.holder);
    for (const Guid& id : holders) {
        const model::Vm* vm = survey.vm(id);
        if (!vm || (target && *target == id) || !survey.survey.partitions_of(id).empty()) continue;
        const auto held = devices_of_vm(environment, survey, id);
        const bool stays = std::any_of(held.begin(), held.end(), [&](const Mover& one) {
            return std::none_of(leaving.begin(), leaving.end(),
                                [&](const Mover& other) { return iequals(other.id(), one.id()); });
        });
        if (stays) continue;
        TRY_ASSIGN(const auto back, settings_to_restore(environment, *vm, "device.settings", checks, context));
        if (back) steps.settings_back(*vm, *back);
    }
    return {};
}

void finish_transition(const Environment& environment, Plan& plan, const TransitionSurvey& survey,
                       TransitionSteps steps, PowerPolicy power) {
    std::vector<Step> power_steps;
    for (const model::Vm& vm : survey.survey.vms) {
        if (!steps.needs_off(vm.id)) continue;
        plan.checks.push_back(check_power(vm, true, true, power));
        append(plan.checks, check_disk_journals(environment.host, vm));
        if (vm.state != model::VmState::off && power != PowerPolicy::refuse)
            power_steps.push_back(device_power_step(vm, power, power_steps.size() + 1));
    }
    plan.steps = std::move(steps).finish(power_steps);
}

std::string names_of(const std::vector<Mover>& movers) {
    std::vector<std::string> names;
    for (const Mover& mover : movers)
        names.push_back(mover.name());
    return join(names, ", ");
}

} // namespace exhyperv::assign

#include "assign/device/transition.h"
#include "assign/device/transition_common.h"
#include "assign/state/device_record.h"
#include "assign/state/original_settings.h"
#include "assign/wanted_settings.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

using enum model::PlaceKind;

/// One device's way home (design §3, transition table).
void move_home(TransitionSteps& steps, const TransitionSurvey& survey, const Mover& mover, std::size_t number) {
    leave_holder(steps, survey, mover, number);
    if (mover.place == stale_reference) {
        steps.expect(mover, "none", nullptr);
        return;
    }
    steps.expect(mover, "host", nullptr);
    if (!mover.with_host()) steps.mount(mover, number);
    if (mover.place != host) steps.enable(mover, number);
    if (!mover.offline_disks.empty()) steps.disks_online(mover, number);
}

Check check_way(const TransitionSurvey& survey, const Mover& mover) {
    const MessageArgs args{{"device", mover.name()},
                           {"id", mover.id()},
                           {"vm", mover.holder ? survey.survey.vm_name(*mover.holder) : std::string("–")}};
    switch (mover.place) {
    case stale_reference:
        return make_check("device.home", Verdict::warn, "gone", args);
    case dismounted:
        return make_check("device.home", Verdict::pass, "dismounted", args);
    case host_disabled:
        return make_check("device.home", Verdict::pass, "disabled", args);
    case model::PlaceKind::vm:
        return make_check("device.home", Verdict::pass, "in_vm", args);
    case host:
        break;
    }
    return make_check("device.home", mover.holder ? Verdict::warn : Verdict::pass, mover.holder ? "leftover" : "there",
                      args);
}

/// VMs that have neither device nor partition any more, but still have settings of ours: left behind by an operation
/// whose undo had nothing to put back into the VM.
Result<> restore_orphans(const Environment& environment, const TransitionSurvey& survey, TransitionSteps& steps,
                         Checks& checks, const CallContext& context) {
    for (const Guid& id : remembered_vms(environment.state_directory)) {
        const model::Vm* vm = survey.vm(id);
        if (!vm || !survey.survey.partitions_of(id).empty() || !devices_of_vm(environment, survey, id).empty())
            continue;
        checks.push_back(make_check("device.orphaned", Verdict::warn, "settings", {{"vm", vm->name}}));
        TRY_ASSIGN(const auto back, settings_to_restore(environment, *vm, "device.settings", checks, context));
        if (back) steps.settings_back(*vm, *back);
    }
    return {};
}

Result<Plan> plan_home(const Environment& environment, const TransitionSurvey& survey, Plan plan,
                       const std::vector<Mover>& movers, PowerPolicy power, bool orphans, const CallContext& context) {
    TransitionSteps steps;
    std::size_t number = 0;
    for (const Mover& mover : movers) {
        plan.checks.push_back(check_way(survey, mover));
        move_home(steps, survey, mover, ++number);
    }
    TRY(restore_settings(environment, survey, movers, nullptr, steps, plan.checks, context));
    if (orphans) TRY(restore_orphans(environment, survey, steps, plan.checks, context));
    finish_transition(environment, plan, survey, std::move(steps), power);
    return plan;
}

/// Between two places, and nobody's wish: dismounted and in no VM, named by a VM without being there, taken from the
/// host by us and still disabled.
bool stuck(const Mover& mover, bool with_disabled, const std::vector<std::string>& recorded) {
    if (mover.place == dismounted || mover.place == stale_reference) return true;
    if (mover.with_host() && mover.holder) return true;
    if (mover.place == host_disabled)
        return with_disabled || std::any_of(recorded.begin(), recorded.end(),
                                            [&](const std::string& id) { return iequals(id, mover.id()); });
    return mover.place == host && !mover.offline_disks.empty();
}

} // namespace

Result<Plan> plan_device_return(const Environment& environment, const DeviceReturnRequest& request,
                                const CallContext& context) {
    TRY_ASSIGN(const auto survey, read_transition_survey(environment, context));
    TRY_ASSIGN(const auto movers, movers_of(environment, survey, request.devices, request.with_companions));
    return plan_home(environment, survey,
                     begin_transition(environment, survey, "device.return",
                                      {"plan.device_return.title", {{"devices", names_of(movers)}}}),
                     movers, request.power, false, context);
}

Result<Plan> plan_device_recover(const Environment& environment, const DeviceRecoverRequest& request,
                                 const CallContext& context) {
    TRY_ASSIGN(const auto survey, read_transition_survey(environment, context));
    std::vector<Mover> movers;
    std::size_t disabled = 0;
    if (!request.devices.empty()) {
        TRY_ASSIGN(movers, movers_of(environment, survey, request.devices, false));
    } else {
        const auto recorded = recorded_devices(environment.state_directory);
        for (const DeviceEntry& entry : survey.inventory.devices) {
            Mover mover = mover_of(environment, survey, entry);
            if (stuck(mover, request.with_disabled, recorded))
                movers.push_back(std::move(mover));
            else if (mover.place == host_disabled)
                ++disabled;
        }
    }
    Plan plan = begin_transition(environment, survey, "device.recover",
                                 {movers.empty() ? "plan.device_recover.none" : "plan.device_recover.title",
                                  {{"devices", movers.empty() ? "–" : names_of(movers)}}});
    if (disabled != 0)
        plan.checks.push_back(
            make_check("device.disabled", Verdict::warn, "left_alone", {{"count", std::to_string(disabled)}}));
    return plan_home(environment, survey, std::move(plan), movers, request.power, request.devices.empty(), context);
}

} // namespace exhyperv::assign

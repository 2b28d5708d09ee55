#include "assign/device/safety.h"
#include "assign/device/transition.h"
#include "assign/device/transition_common.h"
#include "assign/gpu_steps.h"
#include "hyperv/lookup.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

bool has_disks(const DeviceEntry& entry) {
    return std::any_of(entry.children.begin(), entry.children.end(),
                       [](const DeviceChild& child) { return child.disk_number.has_value() && child.online; });
}

/// MMIO space for all the VM will hold: what it has, what comes, and its partitions.
DeviceMmio mmio_of(const Environment& environment, const TransitionSurvey& survey, const model::Vm& vm,
                   const std::vector<Mover>& movers) {
    std::vector<DeviceSpace> spaces;
    for (const Mover& mover : movers)
        spaces.push_back(space_of(environment, survey, *mover.entry));
    for (const Mover& held : devices_of_vm(environment, survey, vm.id)) {
        const bool counted =
            std::any_of(movers.begin(), movers.end(), [&](const Mover& one) { return iequals(one.id(), held.id()); });
        if (!counted && held.place == model::PlaceKind::vm)
            spaces.push_back(space_of(environment, survey, *held.entry));
    }
    std::vector<std::optional<std::uint64_t>> vram;
    for (const auto& partition : survey.survey.partitions_of(vm.id))
        if (const model::Gpu* card = survey.survey.card_of(partition)) vram.push_back(card->vram_bytes);
    return plan_device_mmio(spaces, vram, vm.settings, survey.survey.facts.physical_address_bits);
}

/// One device's way to the VM (design §3, transition table).
void move_to_vm(TransitionSteps& steps, const TransitionSurvey& survey, const Mover& mover, const model::Vm& vm,
                const DeviceAssignRequest& request, std::size_t number) {
    steps.expect(mover, "vm", &vm);
    if (mover.place == model::PlaceKind::vm && mover.holder == vm.id) return;
    leave_holder(steps, survey, mover, number);
    if (mover.place == model::PlaceKind::host) {
        if (has_disks(*mover.entry)) steps.disks_offline(mover, number);
        steps.disable(mover, number);
    }
    if (mover.with_host()) steps.dismount(mover, request, number);
    steps.add(mover, vm, number);
}

} // namespace

Result<Plan> plan_device_assign(const Environment& environment, const DeviceAssignRequest& request,
                                const CallContext& context) {
    TRY_ASSIGN(const auto survey, read_transition_survey(environment, context));
    TRY_ASSIGN(const auto vm, hyperv::find_vm(survey.survey.vms, request.vm));
    TRY_ASSIGN(const auto movers, movers_of(environment, survey, request.devices, request.with_companions));
    Plan plan = begin_transition(environment, survey, "device.assign",
                                 {"plan.device_assign.title", {{"devices", names_of(movers)}, {"vm", vm.name}}});
    TRY_ASSIGN(auto checks, check_assignment(survey, movers, vm, request));
    append(plan.checks, std::move(checks));
    const DeviceMmio mmio = mmio_of(environment, survey, vm, movers);
    append(plan.checks, check_device_vm(vm, mmio));

    TransitionSteps steps;
    if (const auto wanted = settings_for_devices(vm, mmio); !wanted.empty()) steps.settings(vm, wanted);
    std::size_t number = 0;
    for (const Mover& mover : movers)
        if (mover.place != model::PlaceKind::stale_reference) move_to_vm(steps, survey, mover, vm, request, ++number);
    TRY(restore_settings(environment, survey, movers, &vm.id, steps, plan.checks, context));
    finish_transition(environment, plan, survey, std::move(steps), request.power);
    return plan;
}

} // namespace exhyperv::assign

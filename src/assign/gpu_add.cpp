#include "assign/gpu_steps.h"
#include "assign/operations.h"
#include "assign/preflight/groups.h"
#include "assign/state/original_settings.h"
#include "assign/wanted_settings.h"
#include "hyperv/lookup.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

/// VRAM of every card the VM will have a partition of.
std::vector<std::optional<std::uint64_t>> vram_of(const Survey& survey, const model::Vm& vm, const model::Gpu& added) {
    std::vector<std::optional<std::uint64_t>> vram{added.vram_bytes};
    for (const auto& partition : survey.partitions_of(vm.id))
        if (const model::Gpu* card = survey.card_of(partition);
            card && !iequals(card->interface_path, added.interface_path))
            vram.push_back(card->vram_bytes);
    return vram;
}

Step import_step_of(const model::Vm& vm, const model::Gpu& gpu, const GuestSurvey& guest,
                    const GpuAddRequest& request) {
    DriverStepText text{gpu.instance_path, gpu.name,      gpu.driver_version, "?", "?",
                        request.copy,      request.scope, guest.engine.engine};
    text.linux_guest = guest.choice && guest.choice->linux_system;
    if (guest.drivers) text.version = guest.drivers->primary().version.version;
    if (guest.import) {
        text.size = size_text(guest.import->bytes_to_write);
        text.files = std::to_string(guest.import->count(drivers::FileAction::add) +
                                    guest.import->count(drivers::FileAction::replace));
    } else if (guest.drivers) {
        text.size = size_text(guest.drivers->total_bytes());
        text.files = std::to_string(guest.drivers->total_files());
    }
    if (guest.choice) return import_step(vm, guest.choice->disk, guest.choice->windows.partition, text);
    return import_step(vm, request.disk.value_or(""), request.partition, text);
}

} // namespace

Result<Plan> plan_gpu_add(const Environment& environment, const GpuAddRequest& request, const CallContext& context) {
    TRY_ASSIGN(const auto survey, read_survey(environment, context));
    TRY_ASSIGN(const auto vm, hyperv::find_vm(survey.vms, request.vm));
    TRY_ASSIGN(const auto gpu, hyperv::find_gpu(survey.gpus, request.gpu));

    Plan plan;
    plan.id = Guid::random().str();
    plan.operation = "gpu.add";
    plan.title = {"plan.gpu_add.title", {{"gpu", gpu.name}, {"vm", vm.name}}};
    plan.host_uri = environment.host.uri();

    const MmioPlan mmio = plan_gpu_mmio(vram_of(survey, vm, gpu), vm.settings, survey.facts.physical_address_bits);
    append(plan.checks, check_host(survey));
    append(plan.checks, check_gpu(survey, gpu, vm));
    append(plan.checks, check_vm(vm, mmio));
    if (const auto remembered = original_settings(environment.state_directory, vm.id); !remembered)
        plan.checks.push_back(refused_check("host.record", remembered.error()));
    GuestSurvey guest;
    if (request.drivers)
        guest = survey_guest(environment, vm, gpu,
                             {request.disk, request.partition, request.copy, request.scope, request.engine}, context);
    else if (vm.guest_build)
        guest.checks.push_back(check_guest_build(*vm.guest_build));
    append(plan.checks, guest.checks);
    if (!guest.choice || !guest.choice->leftover_journal)
        append(plan.checks, check_disk_journals(environment.host, vm));

    const auto wanted = settings_for_gpu(vm.settings, mmio);
    const auto held = survey.partitions_of(vm.id);
    const bool has_partition = std::any_of(held.begin(), held.end(), [&](const model::GpuPartition& one) {
        return iequals(one.gpu_interface_path, gpu.interface_path);
    });
    if (policy_missing(survey.facts)) plan.steps.push_back(policy_step());
    if (!wanted.empty()) plan.steps.push_back(settings_step(vm, wanted));
    if (!has_partition) plan.steps.push_back(partition_add_step(vm, gpu));
    if (request.drivers && !guest.in_step) {
        add_engine_check(plan.checks, guest.engine);
        plan.steps.push_back(import_step_of(vm, gpu, guest, request));
    }

    const bool anything = !plan.steps.empty();
    const bool needs_off =
        std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) { return step.needs_vm_off; });
    plan.checks.push_back(check_power(vm, needs_off, anything, request.power));
    if (anything && needs_off && vm.state != model::VmState::off && request.power != PowerPolicy::refuse)
        plan.steps.insert(plan.steps.begin(), power_step(vm, request.power == PowerPolicy::turn_off));
    if (anything)
        plan.steps.push_back(
            verify_step(vm, gpu.interface_path, gpu.name, true, wanted, guest.choice ? guest.choice->disk : ""));
    return plan;
}

} // namespace exhyperv::assign

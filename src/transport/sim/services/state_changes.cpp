#include "support/strings.h"
#include "transport/sim/services/start_checks.h"
#include "transport/sim/services/vm_change.h"
#include "transport/sim/world/texts.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

constexpr std::uint16_t kReboot = 10, kReset = 11;

Vm* vm_of(const Call& call) {
    return vm_of_machine(call.world, call.object);
}

std::optional<Guid> vm_id(const Call& call) {
    const auto* vm = vm_of(call);
    return vm ? std::optional(vm->id) : std::nullopt;
}

std::uint64_t requested(const Call& call) {
    return call.parameter("RequestedState").as_uint().value_or(0);
}

/// Impossible transitions are refused at once with 32775, without a job (recorded).
std::uint32_t refuse(const Call& call) {
    const auto* vm = vm_of(call);
    if (!vm) return code::not_supported; // the host's own row
    const auto state = vm->state;
    const auto saved = state == vm_state::saved, paused = state == vm_state::paused;
    switch (requested(call)) {
    case vm_state::running:
        return vm->off() || saved || paused ? code::done : code::invalid_state;
    case vm_state::off:
        return vm->off() || state == vm_state::starting ? code::invalid_state : code::done;
    case vm_state::saved:
        return vm->running() || paused ? code::done : code::invalid_state;
    case vm_state::paused:
        return vm->running() ? code::done : code::invalid_state;
    case kReboot:
    case kReset:
        return vm->running() || paused ? code::done : code::invalid_state;
    case 4:
        return code::invalid_parameter; // a guest shutdown goes through Msvm_ShutdownComponent
    default:
        return code::invalid_state;
    }
}

/// Msvm_ConcreteJob.JobType of the transition.
std::uint16_t job_type(const Call& call) {
    const auto* vm = vm_of(call);
    switch (requested(call)) {
    case vm_state::running:
        return vm && vm->state == vm_state::saved ? 15 : vm && vm->state == vm_state::paused ? 27 : 12;
    case vm_state::off:
        return 13;
    case vm_state::saved:
        return 14;
    case vm_state::paused:
        return 26;
    case kReset:
        return 28;
    default:
        return 29;
    }
}

void begin(Call& call) {
    auto* vm = vm_of(call);
    const auto want = requested(call);
    if (want == vm_state::running && vm->off()) vm->state = vm_state::starting;
    if (want == vm_state::off && !vm->off() && vm->state != vm_state::saved) vm->state = vm_state::stopping;
    if (want == vm_state::saved) vm->state = vm_state::saving;
}

void enter(Call& call, Vm& vm, std::uint16_t state) {
    if (vm.state != state) vm.state_since_ms = call.now_ms;
    vm.state = state;
    vm.goes_off_ms = 0;
    if (state == vm_state::running && vm.process_id == 0) vm.process_id = call.world.next_process_id++;
    if (state == vm_state::off || state == vm_state::saved) vm.process_id = 0;
}

Outcome change_state(Call& call) {
    auto* vm = vm_of(call);
    if (!vm) return Outcome::failure(code::failed, {});
    switch (requested(call)) {
    case vm_state::running:
        if (vm->state == vm_state::starting || vm->off()) {
            auto outcome = check_start(call, *vm);
            if (outcome.code != code::done) {
                enter(call, *vm, vm_state::off);
                return outcome;
            }
        }
        enter(call, *vm, vm_state::running);
        return {};
    case vm_state::off:
        enter(call, *vm, vm_state::off);
        return {};
    case vm_state::saved:
        if (!vm->config.devices.empty()) {
            enter(call, *vm, vm_state::running);
            return Outcome::failure(code::failed, {say(call.chinese(), failures::no_save)});
        }
        enter(call, *vm, vm_state::saved);
        return {};
    case vm_state::paused:
        enter(call, *vm, vm_state::paused);
        return {};
    default:
        vm->state_since_ms = call.now_ms;
        return {};
    }
}

/// Msvm_ShutdownComponent.InitiateShutdown: asks the guest. 32768: the guest says no.
Outcome shut_down(Call& call) {
    auto id = Guid::parse(call.object.text_key("SystemName"));
    auto* vm = id ? find_vm(call.world, *id) : nullptr;
    if (!vm || !vm->running()) return Outcome::failure(code::invalid_state, {});
    const auto force = call.parameter("Force").as_bool().value_or(false);
    if (vm->guest.shutdown == ShutdownManner::refuses && !force) return Outcome::failure(code::failed, {});
    // A guest that ignores the request stays as it is; the caller's deadline decides.
    if (vm->guest.shutdown != ShutdownManner::ignores || force) vm->goes_off_ms = call.now_ms + vm->guest.shutdown_ms;
    return {};
}

} // namespace

void add_state_changes(Methods& out) {
    out.push_back(
        {"Msvm_ComputerSystem", "RequestStateChange", 12, true, true, refuse, begin, change_state, vm_id, job_type});
    out.push_back(
        {"Msvm_ShutdownComponent", "InitiateShutdown", 16, false, false, nullptr, nullptr, shut_down, nullptr});
}

} // namespace exhyperv::sim

#include "assign/when_off.h"

#include "assign/core/utc_time.h"
#include "assign/gpu_steps.h"
#include "assign/gpu_sync.h"
#include "assign/state/waiting_guest.h"
#include "hyperv/vms.h"

#include <algorithm>
#include <array>

namespace exhyperv::assign {

namespace {

constexpr std::array kPauses = {1, 5, 15, 60}; ///< minutes

std::string first_failed_check(const Plan& plan) {
    const auto found =
        std::ranges::find_if(plan.checks, [](const Check& check) { return check.verdict == Verdict::fail; });
    return found == plan.checks.end() ? "plan.blocked" : found->id;
}

} // namespace

Result<std::optional<DueSync>> due_sync(const Environment& environment, const std::string& now,
                                        const CallContext& context) {
    const auto& state = environment.state_directory;
    TRY_ASSIGN(auto guests, waiting_guests(state));
    std::erase_if(guests, [&](const auto& guest) { return guest.given_up || guest.next_try > now; });
    if (guests.empty()) return std::optional<DueSync>();
    std::ranges::sort(guests, {}, &WaitingGuest::since);
    TRY_ASSIGN(const auto vms, hyperv::list_vms(environment.host.cim(), context));
    for (auto& guest : guests) {
        const auto vm = std::ranges::find_if(vms, [&](const auto& one) { return one.id == guest.vm; });
        if (vm == vms.end()) {
            TRY(forget_waiting(state, guest.vm));
            continue;
        }
        if (utc_after(guest.since, kLongestWaitDays * 24 * 60) < now) {
            guest.given_up = true;
            guest.problem = "sync.waited_too_long";
            TRY(remember_waiting(state, guest));
            continue;
        }
        if (vm->state != model::VmState::off) continue;
        GpuSyncRequest request;
        request.vm = guest.vm.str();
        request.scope = guest.scope;
        TRY_ASSIGN(auto plan, plan_gpu_sync(environment, request, context));
        if (plan.nothing_to_do() && !plan.blocked()) {
            TRY(forget_waiting(state, guest.vm));
            continue;
        }
        if (plan.blocked()) {
            TRY(note_failed_sync(environment, guest.vm, first_failed_check(plan), now));
            continue;
        }
        plan.steps.push_back(forget_wait_step(*vm, 1));
        return std::optional(DueSync{guest.vm, std::move(plan)});
    }
    return std::optional<DueSync>();
}

Result<> note_failed_sync(const Environment& environment, const Guid& vm, const std::string& problem,
                          const std::string& now) {
    if (problem.starts_with("call.") || problem == "operation.busy") return {};
    TRY_ASSIGN(auto guest, waiting_guest(environment.state_directory, vm));
    if (!guest) return {};
    guest->problem = problem;
    guest->given_up = ++guest->tries >= kMostTries;
    guest->next_try = guest->given_up ? "" : utc_after(now, kPauses[std::min<std::size_t>(guest->tries, 4) - 1]);
    return remember_waiting(environment.state_directory, *guest);
}

} // namespace exhyperv::assign

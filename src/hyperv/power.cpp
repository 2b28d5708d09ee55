#include "hyperv/power.h"

#include "hyperv/jobs.h"
#include "hyperv/provider.h"
#include "hyperv/vms.h"

#include <algorithm>
#include <chrono>

namespace exhyperv::hyperv {

namespace {

using namespace std::chrono_literals;
using cim::wql::Compare;

constexpr std::uint16_t kRequestRunning = 2, kRequestOff = 3;

Result<cim::Instance> read_system(host::CimSession& session, const Guid& vm, const CallContext& context) {
    TRY_ASSIGN(auto rows, read_class(session, "Msvm_ComputerSystem", {"Name", "EnabledState"},
                                     cim::wql::where("Name", Compare::equal, vm.str()), context));
    if (rows.empty()) return fail("vm.not_found", {{"vm", vm.str()}, {"near", "–"}});
    return std::move(rows.front());
}

Result<> wait_until(host::CimSession& session, const Guid& vm, model::VmState wanted, const char* error,
                    const CallContext& context) {
    for (auto pause = 50ms;; pause = std::min<std::chrono::milliseconds>(pause * 2, 1000ms)) {
        TRY_ASSIGN(const auto state, read_vm_state(session, vm, context));
        if (state == wanted) return {};
        if (const auto slept = context.sleep(pause, error); !slept) {
            if (slept.error().code == "call.cancelled") return slept;
            return fail(error, {{"vm", vm.str()}, {"state", std::string(model::vm_state_name(state))}},
                        describe(slept.error()));
        }
    }
}

/// Errors as the provider gives them; `error` when the state does not come by the deadline.
Result<> request_state(host::CimSession& session, const Guid& vm, std::uint16_t request, model::VmState wanted,
                       const char* error, const CallContext& context) {
    TRY_ASSIGN(const auto system, read_system(session, vm, context));
    if (vm_state_of(system.uint("EnabledState").value_or(0)) == wanted) return {};
    if (!system.path()) return fail("vm.not_found", {{"vm", vm.str()}, {"near", "–"}});
    TRY(invoke_and_finish(session, *system.path(), "RequestStateChange",
                          {{"RequestedState", cim::Value::uint16(request)}}, context));
    return wait_until(session, vm, wanted, error, context);
}

} // namespace

Result<model::VmState> read_vm_state(host::CimSession& session, const Guid& vm, const CallContext& context) {
    TRY_ASSIGN(const auto system, read_system(session, vm, context));
    return vm_state_of(system.uint("EnabledState").value_or(0));
}

Result<> shut_down(host::CimSession& session, const Guid& vm, const CallContext& context) {
    TRY_ASSIGN(const auto state, read_vm_state(session, vm, context));
    if (state == model::VmState::off) return {};
    TRY_ASSIGN(const auto components, read_class(session, "Msvm_ShutdownComponent", {"SystemName"},
                                                 cim::wql::where("SystemName", Compare::equal, vm.str()), context));
    if (components.empty() || !components.front().path()) return fail("vm.no_shutdown_service", {{"vm", vm.str()}});
    TRY(invoke_and_finish(session, *components.front().path(), "InitiateShutdown",
                          {{"Force", cim::Value::boolean(false)}, {"Reason", cim::Value::string("ExHyperV")}},
                          context));
    return wait_until(session, vm, model::VmState::off, "vm.shutdown_timeout", context);
}

Result<> turn_off(host::CimSession& session, const Guid& vm, const CallContext& context) {
    return request_state(session, vm, kRequestOff, model::VmState::off, "vm.turn_off_timeout", context);
}

Result<> start(host::CimSession& session, const Guid& vm, const CallContext& context) {
    return request_state(session, vm, kRequestRunning, model::VmState::running, "vm.start_timeout", context);
}

} // namespace exhyperv::hyperv

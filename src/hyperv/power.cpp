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

constexpr std::uint16_t kRequestOff = 3;

Result<cim::Instance> read_system(host::CimSession& session, const Guid& vm, const CallContext& context) {
    TRY_ASSIGN(auto rows, read_class(session, "Msvm_ComputerSystem", {"Name", "EnabledState"},
                                     cim::wql::where("Name", Compare::equal, vm.str()), context));
    if (rows.empty()) return fail("vm.not_found", {{"vm", vm.str()}, {"near", "–"}});
    return std::move(rows.front());
}

Result<> wait_until_off(host::CimSession& session, const Guid& vm, const char* error, const CallContext& context) {
    for (auto pause = 50ms;; pause = std::min<std::chrono::milliseconds>(pause * 2, 1000ms)) {
        TRY_ASSIGN(const auto state, read_vm_state(session, vm, context));
        if (state == model::VmState::off) return {};
        if (const auto slept = context.sleep(pause, error); !slept) {
            if (slept.error().code == "call.cancelled") return slept;
            return fail(error, {{"vm", vm.str()}, {"state", std::string(model::vm_state_name(state))}},
                        describe(slept.error()));
        }
    }
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
    return wait_until_off(session, vm, "vm.shutdown_timeout", context);
}

Result<> turn_off(host::CimSession& session, const Guid& vm, const CallContext& context) {
    TRY_ASSIGN(const auto system, read_system(session, vm, context));
    if (vm_state_of(system.uint("EnabledState").value_or(0)) == model::VmState::off) return {};
    if (!system.path()) return fail("vm.not_found", {{"vm", vm.str()}, {"near", "–"}});
    TRY(invoke_and_finish(session, *system.path(), "RequestStateChange",
                          {{"RequestedState", cim::Value::uint16(kRequestOff)}}, context));
    return wait_until_off(session, vm, "vm.turn_off_timeout", context);
}

} // namespace exhyperv::hyperv

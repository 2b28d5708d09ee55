#pragma once

#include "host/cim_session.h"
#include "model/vm.h"
#include "support/deadline.h"

namespace exhyperv::hyperv {

/// What the VM is doing now. `vm.not_found` when it is gone.
[[nodiscard]] Result<model::VmState> read_vm_state(host::CimSession& session, const Guid& vm,
                                                   const CallContext& context);

/// Starts the VM (or resumes a saved or paused one) and waits until it runs, by the deadline. A VM that runs is
/// success. Errors: vm.not_found, vm.start_timeout, and the provider's refusal with its whole text (hyperv.*).
[[nodiscard]] Result<> start(host::CimSession& session, const Guid& vm, const CallContext& context);

/// Asks the guest to shut down (Msvm_ShutdownComponent) and waits until the VM is off, by the deadline. A VM that is
/// off is success. Errors: vm.no_shutdown_service (integration services not running), vm.shutdown_timeout, hyperv.*.
[[nodiscard]] Result<> shut_down(host::CimSession& session, const Guid& vm, const CallContext& context);

/// Pulls the plug and waits until the VM is off. Only ever called when the user asked for just this.
[[nodiscard]] Result<> turn_off(host::CimSession& session, const Guid& vm, const CallContext& context);

} // namespace exhyperv::hyperv

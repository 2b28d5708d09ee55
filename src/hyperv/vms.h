#pragma once

#include "host/cim_session.h"
#include "model/vm.h"
#include "support/deadline.h"

#include <vector>

namespace exhyperv::hyperv {

/// All VMs with settings, memory, disks and checkpoints, ordered by name, then GUID: seven queries over whole classes,
/// joined here by the GUID at the front of InstanceID (wmi-facts 1.0). The host's own Msvm_ComputerSystem row is not a
/// VM, whatever the VMs are called. Errors: hyperv.not_installed, and those of the session.
[[nodiscard]] Result<std::vector<model::Vm>> list_vms(host::CimSession& session, const CallContext& context);

/// EnabledState (wmi-facts 1.3, both number families) to what the VM is doing.
[[nodiscard]] model::VmState vm_state_of(std::uint64_t enabled_state);

/// The settings this product knows, from a Msvm_VirtualSystemSettingData.
[[nodiscard]] model::VmSettings vm_settings_of(const cim::Instance& setting_data);

} // namespace exhyperv::hyperv

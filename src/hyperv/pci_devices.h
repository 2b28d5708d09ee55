#pragma once

#include "host/host.h"
#include "model/pci_device.h"
#include "support/deadline.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::hyperv {

/// The PCI functions of the host, each in the place it is in: three round trips (device nodes, Msvm_PciExpress,
/// Msvm_PciExpressSettingData). BARs and interrupts are not read here.
///
/// A function is *host* when its PCI\ node is present (*host, disabled* with problem 22), *VM* when a VM's settings
/// name it, *dismounted* when its PCIP\ twin is registered as Msvm_PciExpress and nobody has it, *stale* when a VM's
/// settings name a device that is not there. A phantom PCI\ node with nothing behind it is a card that was pulled out:
/// not listed. A host without the assignable-device classes (before 10586) has no device in a VM; that is not an error.
[[nodiscard]] Result<std::vector<model::PciDevice>> list_pci_devices(host::Host& host, const CallContext& context);

/// The same with what else the three round trips tell.
struct PciSurvey {
    std::vector<model::PciDevice> devices;
    /// Every node of every bus, phantoms included, with the properties of hyperv/device_keys.h and the resources.
    std::vector<host::DeviceRecord> nodes;
    /// Pure id → the VM whose settings name it, wherever the function is.
    std::map<std::string, Guid> referenced_by;
};
/// `vms`: the host's VMs. Settings of others (checkpoints carry copies under a GUID of their own) are no assignments.
[[nodiscard]] Result<PciSurvey> survey_pci_devices(host::Host& host, const std::set<Guid>& vms,
                                                   const CallContext& context);

/// Instance path without PCI\ or PCIP\, upper case: equal for both nodes of one function. "" for other buses.
[[nodiscard]] std::string pure_id_of(std::string_view instance_path);

} // namespace exhyperv::hyperv

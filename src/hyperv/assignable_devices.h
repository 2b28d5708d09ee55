#pragma once

#include "host/host.h"
#include "support/deadline.h"
#include "support/guid.h"

#include <chrono>
#include <string>
#include <vector>

namespace exhyperv::hyperv {

/// A Msvm_PciExpressSettingData of a VM (not of its checkpoints, not a template) that names a device.
struct DeviceReference {
    Guid vm_id;
    std::string setting_id;   ///< InstanceID
    std::string setting_path; ///< object path
};

/// Where one function is right now, and how far a transition has got.
struct DeviceState {
    bool node_present = false; ///< its PCI\ node: the host has it
    std::string instance_path; ///< of that node, as the host writes it
    std::uint32_t problem = 0; ///< CM_PROB_* of that node
    bool twin_present = false; ///< its PCIP\ node: dismounted
    std::string location_path; ///< Msvm_PciExpress before the nodes: a phantom may be of another slot
    std::string express_path;  ///< the host's Msvm_PciExpress row; "" before it is registered
    std::vector<DeviceReference> references;

    [[nodiscard]] bool enabled() const { return node_present && problem != 22; }
    [[nodiscard]] bool dismounted() const { return !node_present && (twin_present || !express_path.empty()); }
    [[nodiscard]] bool gone() const { return !node_present && !dismounted(); }
    [[nodiscard]] const DeviceReference* reference_of(const Guid& vm) const; ///< nullptr: that VM does not name it
};

/// Four round trips, whatever the number of devices and VMs. `pure_id` as hyperv::pure_id_of makes it.
[[nodiscard]] Result<DeviceState> read_device_state(host::Host& host, const std::string& pure_id,
                                                    const CallContext& context);

/// Off: as the official guide has it (the cmdlet's -Force). On: Hyper-V refuses a device that does not have it.
struct DismountGuards {
    bool acs = false, mitigations = false;
};

/// Disables or enables a function that is with the host, and waits until its node says so. Errors: device.*,
/// device.state_not_reached {device, wanted}.
[[nodiscard]] Result<> set_device_enabled(host::Host& host, const std::string& pure_id, bool enabled,
                                          const CallContext& context);

/// Takes a disabled function from the host and waits until Hyper-V has registered it (registration lags,
/// wmi-facts 1.7). Only what is read back counts. Errors: device.dismount_refused {device}, device.state_not_reached,
/// hyperv.*, job.*.
[[nodiscard]] Result<> dismount_device(host::Host& host, const std::string& pure_id, DismountGuards guards,
                                       const CallContext& context);

/// Gives a dismounted function that no VM names back to the host and waits for its node. It usually comes back
/// disabled. Errors: device.mount_refused {device}, device.state_not_reached, hyperv.*, job.*.
[[nodiscard]] Result<> mount_device(host::Host& host, const std::string& pure_id, const CallContext& context);

/// Adds a dismounted function to a VM that is off, from the default template, with the options of `like` (CIM-XML of an
/// earlier setting, see read_device_port; may be empty). Waits for the registration; reads the setting back.
/// Errors: device.not_registered, device.no_template, device.not_assigned, hyperv.*, job.*.
[[nodiscard]] Result<DeviceReference> assign_device(host::Host& host, const Guid& vm, const std::string& pure_id,
                                                    const std::string& like, const CallContext& context);

/// Removes a setting that names a device, stale or not. One that is not there is success. Errors:
/// device.not_unassigned, hyperv.*, job.*.
[[nodiscard]] Result<> unassign_device(host::CimSession& session, const std::string& setting_id,
                                       const CallContext& context);

/// CIM-XML of a setting; "" when it is not there.
[[nodiscard]] Result<std::string> read_device_port(host::CimSession& session, const std::string& setting_id,
                                                   const CallContext& context);

} // namespace exhyperv::hyperv

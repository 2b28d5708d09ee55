#pragma once

#include "assign/core/step_handler.h"
#include "hyperv/assignable_devices.h"

namespace exhyperv::assign {

// Steps of device transitions. Common parameters: device (pure id), device_name. Further ones, all JSON:
//
// device.disable         –
// device.enable          –
// device.dismount        require_acs, require_mitigations, bars: [{size, high}] (as far as known: remembered),
//                        stays_disabled (its owner had disabled it: undo leaves it so)
// device.mount           –
// device.add             vm, vm_name
// device.remove          vm, vm_name
// device.disks_offline   disks: [{number, name}]
// device.disks_online    –  (the remembered ones)
// device.verify          devices: [{device, name, place: "host"|"vm"|"none", vm, vm_name}],
//                        settings: [{vm, vm_name, values: {name: value}}]
//
// Undo order is the executor's: a step is undone when all later ones are. So the undo of `disable` finds the device
// with the host, and the undo of `dismount` finds it in no VM; when it does not, it says where the device is.
[[nodiscard]] const StepHandler& device_disable_handler();
[[nodiscard]] const StepHandler& device_enable_handler();
[[nodiscard]] const StepHandler& device_dismount_handler();
[[nodiscard]] const StepHandler& device_mount_handler();
[[nodiscard]] const StepHandler& device_add_handler();
[[nodiscard]] const StepHandler& device_remove_handler();
[[nodiscard]] const StepHandler& device_disks_offline_handler();
[[nodiscard]] const StepHandler& device_disks_online_handler();
[[nodiscard]] const StepHandler& device_verify_handler();

/// What a step works on, and where it is now.
struct StepDevice {
    std::string id, name;
    hyperv::DeviceState state;
};
[[nodiscard]] Result<StepDevice> device_of(const StepContext& context);

/// Takes the remembered disks of a controller offline that is about to go back: the undo of bringing them online may
/// have failed once, and the controller must not go with them.
[[nodiscard]] Result<> quiet_disks(const StepContext& context, const std::string& pure_id);

/// `device.gone`, `device.still_assigned`, `device.dismounted` or `device.on_host`: why a step cannot go on.
[[nodiscard]] Error misplaced(const StepDevice& device);

} // namespace exhyperv::assign

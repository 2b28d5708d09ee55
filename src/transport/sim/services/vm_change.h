#pragma once

#include "transport/sim/services/method.h"

namespace exhyperv::sim {

// Pieces the methods on VM settings share.

/// The VM whose own (not a checkpoint's) settings a reference to Msvm_VirtualSystemSettingData names; null otherwise.
[[nodiscard]] Vm* vm_of_settings(World& world, const std::string& reference);
/// The VM an Msvm_ComputerSystem reference names.
[[nodiscard]] Vm* vm_of_machine(World& world, const cim::ObjectPath& path);
/// "… failed to add device 'X'." + "(Virtual machine ID …)" + cause.
[[nodiscard]] Outcome device_failure(const Call& call, std::uint32_t code, const struct Spoken& summary, const Vm& vm,
                                     std::string_view device, std::string cause);
[[nodiscard]] std::string vm_note(const Call& call, const Vm& vm);
[[nodiscard]] std::optional<Guid> vm_in_parameter(const Call& call); ///< of AffectedConfiguration

// AddResourceSettings, by class of the given instance. Each changes `config` (a copy) and says where the new setting
// stands.
struct Added {
    Outcome outcome;    ///< code::done or the failure
    std::string suffix; ///< InstanceID suffix of the new setting
    std::string_view class_name;
};
[[nodiscard]] Added add_gpu(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given);
[[nodiscard]] Added add_device(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given);
[[nodiscard]] Added add_storage_part(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given);

/// Applies what differs in `given` from the setting it names. code::done or a failure.
[[nodiscard]] Outcome modify_resource(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given);
[[nodiscard]] Outcome modify_system(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given);
/// Would modify_system change a property that needs the VM off?
[[nodiscard]] bool needs_vm_off(const Call& call, const Vm& vm, const cim::Instance& given);

} // namespace exhyperv::sim

#pragma once

#include "assign/mmio.h"
#include "assign/operations.h"
#include "assign/preflight/groups.h"
#include "hyperv/settings.h"
#include "model/pci_device.h"
#include "model/vm.h"

#include <optional>
#include <vector>

namespace exhyperv::assign {

/// The MMIO space a device takes in a VM, in bytes, by where its BARs lie (wmi-facts chapter 3): 32-bit ones in the low
/// gap, those above 4 GiB or larger than 256 MiB in the high one.
struct DeviceSpace {
    std::uint64_t low = 0, high = 0;
    bool known = true; ///< false: the host does not tell, a guess stands here
};
[[nodiscard]] DeviceSpace space_of_bars(const std::vector<model::PciBar>& bars);
/// What is taken for a device that tells nothing: for a display adapter its memory, else what cards usually want.
[[nodiscard]] DeviceSpace guessed_space(bool is_display, std::optional<std::uint64_t> vram_bytes);

/// MMIO space for devices given whole, beside partitions (their cards' memory): the sum of the BARs and the buffers of
/// the official planning document (128 MiB low, 512 MiB high), rounded up to a power of two. Never smaller than what
/// the VM has.
struct DeviceMmio {
    MmioPlan plan;
    std::uint64_t low_needed = 0; ///< MiB
    bool known = true;
    [[nodiscard]] bool fits() const { return plan.fits() && plan.low >= low_needed; }
};
[[nodiscard]] DeviceMmio plan_device_mmio(const std::vector<DeviceSpace>& devices,
                                          const std::vector<std::optional<std::uint64_t>>& partition_vram,
                                          const model::VmSettings& settings,
                                          std::optional<std::uint32_t> physical_address_bits);

/// The settings a VM with a device needs and does not have: stop action turn off, cache types, MMIO, no checkpoints
/// with memory, no dynamic memory (wmi-facts chapter 3, requirements). What the host's build does not know is left out.
[[nodiscard]] hyperv::SettingValues settings_for_devices(const model::Vm& vm, const DeviceMmio& mmio);

/// Checks of the VM that gets devices: version, checkpoints, MMIO, dynamic memory.
[[nodiscard]] Checks check_device_vm(const model::Vm& vm, const DeviceMmio& mmio);

} // namespace exhyperv::assign

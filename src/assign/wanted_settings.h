#pragma once

#include "assign/mmio.h"
#include "assign/operations.h"
#include "assign/preflight/groups.h"
#include "assign/state/original_settings.h"
#include "hyperv/settings.h"
#include "model/vm.h"

#include <vector>

namespace exhyperv::assign {

/// The settings a VM with a GPU partition needs and does not have; empty when all is well. A setting that the host's
/// build does not know is left out. Save as stop action becomes shut down (a partition cannot be saved); checkpoints
/// are turned off (wmi-facts 1.10); MMIO only grows.
[[nodiscard]] hyperv::SettingValues settings_for_gpu(const model::VmSettings& now, const MmioPlan& mmio);

/// Which remembered originals can come back, because the setting still is what we set it to.
struct SettingsBack {
    hyperv::SettingValues set;
    std::vector<std::string> changed_since; ///< somebody changed these after us: they stay
};
[[nodiscard]] SettingsBack settings_back(const std::vector<ChangedSetting>& remembered,
                                         const hyperv::SettingValues& now);

/// What goes back when the last card or device leaves a VM: the remembered settings that still are what we set them to.
/// No value: nothing is remembered. For those somebody else has changed the check `check_id`, "changed_since", is
/// added.
[[nodiscard]] Result<std::optional<hyperv::SettingValues>>
settings_to_restore(const Environment& environment, const model::Vm& vm, std::string_view check_id, Checks& checks,
                    const CallContext& context);

/// Can these only be changed while the VM is off (wmi-facts 1.4)?
[[nodiscard]] bool need_vm_off(const hyperv::SettingValues& values);

/// "GuestControlledCacheTypes = true, HighMmioGapSize = 32768": for step texts.
[[nodiscard]] std::string settings_text(const hyperv::SettingValues& values);

} // namespace exhyperv::assign

#pragma once

#include "hyperv/settings.h"
#include "support/guid.h"
#include "support/result.h"

#include <string>
#include <vector>

namespace exhyperv::assign {

/// A VM setting this program has changed: what it was before, and what it was set to.
struct ChangedSetting {
    std::string name;
    hyperv::SettingValue original;
    hyperv::SettingValue set;
};

/// The settings of a VM that are to come back when the last card leaves it, weeks later and in another process:
/// <state>/vm-settings/<VM GUID>.json. Empty when nothing is remembered. Errors: `state.corrupt` {path}, file.*.
[[nodiscard]] Result<std::vector<ChangedSetting>> original_settings(const std::string& state_directory, const Guid& vm);
/// The VMs of which something is remembered.
[[nodiscard]] std::vector<Guid> remembered_vms(const std::string& state_directory);
/// Replaces what is remembered, atomically; an empty list removes the file.
[[nodiscard]] Result<> remember_settings(const std::string& state_directory, const Guid& vm,
                                         const std::vector<ChangedSetting>& settings);

} // namespace exhyperv::assign

#pragma once

#include "cim/instance.h"
#include "host/cim_session.h"
#include "support/deadline.h"
#include "support/guid.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace exhyperv::hyperv {

/// A VM setting by its Msvm_VirtualSystemSettingData name, with the value it has or is to have. Sizes in MiB, as there.
using SettingValue = std::variant<bool, std::uint64_t>;
using SettingValues = std::vector<std::pair<std::string, SettingValue>>;

inline constexpr const char* kStopAction = "AutomaticShutdownAction";
inline constexpr const char* kCacheTypes = "GuestControlledCacheTypes";
inline constexpr const char* kLowMmio = "LowMmioGapSize";
inline constexpr const char* kHighMmio = "HighMmioGapSize";
inline constexpr const char* kHighMmioBase = "HighMmioGapBase";
inline constexpr const char* kCheckpointType = "UserSnapshotType";
inline constexpr const char* kAutomaticCheckpoints = "AutomaticSnapshotsEnabled";
inline constexpr const char* kDynamicMemory = "DynamicMemoryEnabled"; ///< of Msvm_MemorySettingData, not of the system

/// The named settings as they are now, in the order asked. `hyperv.setting_unknown` when the host's build has no such
/// setting, vm.not_found when the VM is gone.
[[nodiscard]] Result<SettingValues> read_settings(host::CimSession& session, const Guid& vm,
                                                  const std::vector<std::string>& names, const CallContext& context);

/// Reads the whole realized settings, changes those that differ, sends all back (ModifySystemSettings, and
/// ModifyResourceSettings for memory) and reads again.
/// Returns whether anything had to be changed. Errors: hyperv.setting_unknown, hyperv.setting_not_applied {setting,
/// wanted, found} (the provider said done and it is not), hyperv.*, job.*.
[[nodiscard]] Result<bool> change_settings(host::CimSession& session, const Guid& vm, const SettingValues& wanted,
                                           const CallContext& context);

[[nodiscard]] std::string setting_text(const SettingValue& value); ///< "true", "32768"

} // namespace exhyperv::hyperv

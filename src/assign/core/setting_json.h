#pragma once

#include "hyperv/settings.h"
#include "support/result.h"

#include <nlohmann/json_fwd.hpp>

namespace exhyperv::assign {

// VM settings in step parameters and in the state directory: {"HighMmioGapSize": 32768, "GuestControlledCacheTypes":
// true}.

[[nodiscard]] nlohmann::json setting_to_json(const hyperv::SettingValue& value);
[[nodiscard]] Result<hyperv::SettingValue> setting_from_json(const nlohmann::json& value); ///< journal.corrupt
[[nodiscard]] nlohmann::json settings_to_json(const hyperv::SettingValues& values);
[[nodiscard]] Result<hyperv::SettingValues> settings_from_json(const nlohmann::json& object); ///< journal.corrupt

} // namespace exhyperv::assign

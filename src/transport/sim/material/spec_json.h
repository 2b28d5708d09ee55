#pragma once

#include "support/result.h"
#include "transport/sim/material/driver_store.h"
#include "transport/sim/material/guest_image.h"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace exhyperv::sim {

// Specs as they stand in scenario files. Reading is strict: an unknown field, a wrong type or a value out of range is
// an error that names the field by JSON pointer. `at` is the pointer of `json` in its document ("" for the document
// itself). Fields that are missing take the spec's defaults; writing leaves out what equals the default. Errors:
// material.unknown_field, material.wrong_type, material.bad_value, material.missing_field.

/// {"vendor": "nvidia", "inf", "version", "date", "hardware_id", "device_name", "vram_bytes", "size": "small"|"full",
/// "seed"}
[[nodiscard]] Result<PackageSpec> package_spec_from_json(const nlohmann::json& json, const std::string& at);
[[nodiscard]] nlohmann::json to_json(const PackageSpec& spec);

/// {"format": "vhdx_dynamic", "parent", "size_gib", "content": "windows", "table": "gpt"|"mbr", "recovery", "build",
/// "revision",
///  "server", "edition", "architecture": "x64"|"x86"|"arm64", "files", "free_mib", "conditions": ["bitlocker", …],
///  "seed"}
[[nodiscard]] Result<GuestSpec> guest_spec_from_json(const nlohmann::json& json, const std::string& at);
[[nodiscard]] nlohmann::json to_json(const GuestSpec& spec);

} // namespace exhyperv::sim

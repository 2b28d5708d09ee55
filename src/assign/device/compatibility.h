#pragma once

#include "assign/device/inventory.h"
#include "support/result.h"

#include <span>
#include <string_view>
#include <vector>

namespace exhyperv::assign {

/// Reads a table of schema/compatibility.schema.json. Strict: unknown members, wrong types, malformed or doubled ids
/// are `device.table_invalid` {where, reason}.
[[nodiscard]] Result<std::vector<CompatibilityRow>> parse_compatibility(std::string_view json);

/// The table built into the program (data/compatibility.json). Parsed once.
[[nodiscard]] const std::vector<CompatibilityRow>& builtin_compatibility();

/// The row of a card, by vendor and device; nullptr when nobody has told of it.
[[nodiscard]] const CompatibilityRow* find_compatibility(std::span<const CompatibilityRow> table, std::uint16_t vendor,
                                                         std::uint16_t device);

/// A row for the function, ready to be pasted into data/compatibility.json: what the host tells is filled in, what only
/// a person can find out is "unknown" (or what the table says already). Two-space indented, ends with a line end.
[[nodiscard]] std::string compatibility_report(const DeviceInventory& inventory, const DeviceEntry& entry);

} // namespace exhyperv::assign

#pragma once

#include "host/devices.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace exhyperv::wmi_com {

/// DEVPROPTYPE: what of it a device property can be (devpropdef.h; wmi-facts 1.11).
namespace devprop {
inline constexpr std::uint32_t int8 = 2, uint8 = 3, int16 = 4, uint16 = 5, int32 = 6, uint32 = 7, int64 = 8, uint64 = 9,
                               guid = 13, filetime = 16, boolean = 17, text = 18, error = 23, ntstatus = 24,
                               indirect_text = 25, text_list = 0x2012;
}

/// The value in a property buffer. Numbers widen to 64 bits, GUIDs read "{4d36e968-…}", points in time read as their
/// day, "2024-08-14" (driver dates have no time of day). Nothing when the type has no form here or the size does not
/// fit it: such a property counts as unknown.
[[nodiscard]] std::optional<host::PropertyValue> decode_property(std::uint32_t type, std::span<const std::byte> bytes);

/// The key as Configuration Manager takes it; nothing when the format id is no GUID.
struct PropertyId;
[[nodiscard]] std::optional<PropertyId> property_id(const host::PropertyKey& key);

} // namespace exhyperv::wmi_com

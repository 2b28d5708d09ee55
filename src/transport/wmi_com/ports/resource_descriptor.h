#pragma once

#include "host/devices.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace exhyperv::wmi_com {

/// RESOURCEID of cfgmgr32.h.
namespace res_type {
inline constexpr std::uint32_t all = 0, memory = 1, interrupt = 4, large_memory = 7;
}

/// Adds what a resource descriptor's data tells to `resources`. The headers are packed: MEM_DES and MEM_LARGE_DES
/// {count, type, first u64, last u64, …}, IRQ_DES {count, type, flags, line, …}. Message-signalled interrupts carry
/// negative lines (0xFFFFFFFE and below). False when the kind is none of these or the data is too short: nothing is
/// added then.
bool add_resource(std::uint32_t kind, std::span<const std::byte> data, host::DeviceResources& resources);

} // namespace exhyperv::wmi_com

#pragma once

#include <cstdint>
#include <optional>

namespace exhyperv::wmi_com {

/// Width of this processor's physical addresses in bits (CPUID 0x80000008). Nothing when it is not an x86 processor, or
/// does not tell.
[[nodiscard]] std::optional<std::uint32_t> physical_address_bits();

} // namespace exhyperv::wmi_com

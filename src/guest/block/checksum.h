#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace exhyperv::guest {

/// CRC-32C (Castagnoli) as VHDX uses it. `running` is the result for the bytes before, 0 at the start.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t running = 0);
/// CRC-32C of a buffer whose four bytes at `zeroed` (where the checksum itself is kept) count as zero.
[[nodiscard]] std::uint32_t crc32c_without(std::span<const std::byte> data, std::size_t zeroed);
/// CRC-32 (IEEE) as GPT uses it.
[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> data);

} // namespace exhyperv::guest

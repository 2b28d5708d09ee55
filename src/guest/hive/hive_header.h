#pragma once

#include "support/result.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace exhyperv::guest {

/// The base block, the first 4 KiB of a hive file. Its layout: "regf" at 0, sequence numbers at 4 and 8, length of the
/// bins at 40, checksum of the first 508 bytes at 508.
inline constexpr std::size_t kHiveBaseBlock = 4096;

/// XOR of the first 127 words; 0 and all ones are not used as values.
[[nodiscard]] std::uint32_t hive_checksum(std::span<const std::byte> base_block);

/// Is this a hive that Windows closed? The two sequence numbers differ while a change is under way; then the rest of it
/// is in the .LOG1 and .LOG2 files beside it, and writing to the hive would throw that away. Errors: hive.dirty
/// {reason}, hive.corrupt {reason}.
[[nodiscard]] Result<> check_hive_header(std::span<const std::byte> content);

} // namespace exhyperv::guest

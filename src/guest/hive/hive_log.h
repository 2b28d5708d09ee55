#pragma once

#include "support/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace exhyperv::guest {

// A hive's log files (SYSTEM.LOG1, SYSTEM.LOG2), as Windows 8.1 and later write them: a copy of the base block in the
// first 512 bytes, then entries. An entry: "HvLE", its size at 4 (a multiple of 512), flags of the base block at 8,
// sequence number at 12, length of the bins at 16, number of pages at 20, hash of everything from 40 on at 24, hash of
// the first 32 bytes at 32; from 40 the pages' places in the bins (offset, length), after them the pages.

inline constexpr std::size_t kHiveLogStart = 512, kHiveLogEntryHeader = 40;
inline constexpr std::uint64_t kHiveLogSeed = 0x82EF4D887A4E55C5; ///< of both hashes
inline constexpr std::uint32_t kHiveLogFileType = 6;              ///< at 28 of a log's base block; 0 in a hive
inline constexpr std::uint64_t kMaxHiveLog = 64u << 20;           ///< real ones are below 4 MiB

/// Finishes what a dirty hive's logs say was going to be written to it, in memory, as Windows does when it next loads
/// the hive. The result is clean. `hive` has passed as dirty by its sequence numbers; missing logs are empty.
///
/// Strict: entries follow each other without a gap from the hive's own second sequence number at least up to what its
/// first one announces, all hashes hold, all pages lie inside the bins, and the bins are whole afterwards. Anything
/// else is `hive.dirty` {reason}: then the hive is not ours to touch.
[[nodiscard]] Result<std::vector<std::byte>>
replay_hive_logs(std::vector<std::byte> hive, std::span<const std::byte> log1, std::span<const std::byte> log2);

} // namespace exhyperv::guest

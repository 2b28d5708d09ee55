#pragma once

#include "support/guid.h"

#include <cstdint>

// Numbers of the VHDX format, [MS-VHDX] chapter 2. Integers are little-endian, GUIDs mixed-endian.

namespace exhyperv::guest::vhdx {

inline constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * kKiB, kTiB = kMiB * 1024 * 1024;

inline constexpr std::uint64_t kHeaderOffsets[2] = {64 * kKiB, 128 * kKiB};
inline constexpr std::uint64_t kRegionTableOffsets[2] = {192 * kKiB, 256 * kKiB};
inline constexpr std::uint64_t kHeaderSectionSize =
    kMiB;                                         ///< identifier, headers, region tables; everything else comes after
inline constexpr std::uint64_t kAlignment = kMiB; ///< of regions, blocks and their lengths
inline constexpr std::size_t kPage = 4096;        ///< unit of the log, and of what is written through it

inline constexpr std::uint64_t kLargestDisk = 64 * kTiB;
inline constexpr std::uint32_t kSmallestBlock = 1u << 20, kLargestBlock = 256u << 20;
inline constexpr std::uint64_t kSectorsPerChunk = 1u << 23; ///< that one 1 MiB sector bitmap block describes
inline constexpr std::uint64_t kBitmapBlock = kMiB;

/// State of a payload block: the low three bits of its BAT entry.
enum class BlockState : std::uint8_t {
    not_present = 0,
    undefined = 1,
    zero = 2,
    unmapped = 3,
    fully_present = 6,
    partially_present = 7, ///< differencing images only: the sector bitmap tells which sectors
};
inline constexpr std::uint8_t kBitmapPresent = 6; ///< state of a sector bitmap block that is there; 0 when not

inline Guid guid(const char* text) {
    return *Guid::parse(text);
}

} // namespace exhyperv::guest::vhdx

#pragma once

#include <cstdint>
#include <string_view>

// Numbers of the GUID partition table, UEFI specification chapter 5.3. Little-endian.

namespace exhyperv::guest::gpt {

inline constexpr std::string_view kSignature = "EFI PART";
inline constexpr std::uint32_t kRevision = 0x00010000, kHeaderSize = 92;
inline constexpr std::size_t kEntrySize = 128, kEntries = 128, kNameUnits = 36;

// Places in the header.
inline constexpr std::size_t kRevisionAt = 8, kHeaderSizeAt = 12, kChecksumAt = 16, kSelfAt = 24, kOtherAt = 32,
                             kFirstUsableAt = 40, kLastUsableAt = 48, kDiskGuidAt = 56, kTableAt = 72, kCountAt = 80,
                             kEntrySizeAt = 84, kTableChecksumAt = 88;
// Places in an entry.
inline constexpr std::size_t kTypeAt = 0, kIdAt = 16, kFirstAt = 32, kLastAt = 40, kNameAt = 56;

} // namespace exhyperv::guest::gpt

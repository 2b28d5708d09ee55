#pragma once

#include "guest/block/bytes.h"
#include "guest/block/image_file.h"
#include "guest/image.h"
#include "support/guid.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

// Structures of the Virtual Hard Disk format, specification 1.0. Integers are big-endian, sectors always have 512
// bytes.

namespace exhyperv::guest::vhd {

inline constexpr std::uint64_t kSector = 512;
inline constexpr std::size_t kFooterSize = 512, kHeaderSize = 1024;
inline constexpr std::uint64_t kLargestDisk = 2040ull << 30;
inline constexpr std::uint32_t kUnused = 0xFFFFFFFF; ///< block allocation table: the block is not there

enum class DiskType : std::uint32_t { fixed = 2, dynamic = 3, differencing = 4 };

/// The last sector of the file; dynamic images begin with a copy.
struct Footer {
    std::uint64_t header_offset = 0; ///< of the dynamic header; all ones for a fixed disk
    std::uint32_t timestamp = 0;     ///< seconds since 2000-01-01 UTC
    std::uint64_t size = 0;
    DiskType type = DiskType::dynamic;
    Guid id;
};
/// Nothing when the signature or the checksum is wrong.
[[nodiscard]] std::optional<Footer> parse_footer(std::span<const std::byte> sector);
[[nodiscard]] std::array<std::byte, kFooterSize> serialize_footer(const Footer& footer);

/// What dynamic and differencing images have in addition.
struct DynamicHeader {
    std::uint64_t table_offset = 0;
    std::uint32_t table_entries = 0;
    std::uint32_t block_size = 0;
    Guid parent_id;
    std::uint32_t parent_timestamp = 0;
    std::string parent_name;
    struct Locator {
        std::uint32_t platform = 0; ///< "W2ru" relative, "W2ku" absolute path, both UTF-16LE
        std::uint32_t space = 0;    ///< bytes set aside
        std::uint32_t length = 0;
        std::uint64_t offset = 0;
    };
    std::array<Locator, 8> locators{};
};
inline constexpr std::uint32_t kRelativePath = 0x57327275, kAbsolutePath = 0x57326B75;

[[nodiscard]] std::optional<DynamicHeader> parse_header(std::span<const std::byte> buffer);
[[nodiscard]] std::array<std::byte, kHeaderSize> serialize_header(const DynamicHeader& header);

/// Bytes of the sector bitmap in front of each block.
[[nodiscard]] constexpr std::uint64_t bitmap_bytes(std::uint32_t block_size) {
    return align_up(divide_up(block_size / kSector, 8), kSector);
}

} // namespace exhyperv::guest::vhd

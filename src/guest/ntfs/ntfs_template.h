#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace exhyperv::guest {

/// The pages of a fresh volume that are not zero: (page number, 8 bytes little-endian; 4096 bytes) each, as one zlib
/// stream of differences between 16-bit little-endian words.
struct NtfsTemplate {
    std::uint64_t volume_size = 0;
    std::uint32_t pages = 0;
    const unsigned char* packed = nullptr;
    std::size_t packed_size = 0;
};

inline constexpr std::size_t kTemplatePage = 4096;

/// Ascending by size. Defined in the source that tools/gen_ntfs_template.py writes while building.
[[nodiscard]] std::span<const NtfsTemplate> ntfs_templates();

} // namespace exhyperv::guest

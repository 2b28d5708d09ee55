#pragma once

#include "guest/block/image_file.h"
#include "guest/block/vhdx_parent_locator.h"
#include "guest/block/vhdx_region.h"

#include <optional>

namespace exhyperv::guest::vhdx {

/// What the metadata region says of the disk ([MS-VHDX] 2.2.5), checked: sizes are within the format's limits.
struct Metadata {
    std::uint32_t block_size = 0;
    bool leave_blocks_allocated = false; ///< a fixed image
    bool has_parent = false;
    std::uint64_t disk_size = 0;
    Guid disk_id;
    std::uint32_t logical_sector = 0;
    std::uint32_t physical_sector = 0;
    std::optional<ParentLocator> parent;
};

[[nodiscard]] Result<Metadata> load_metadata(const ImageFile& file, const Range& region);
[[nodiscard]] Result<> create_metadata(ImageFile& file, const Range& region, const Metadata& metadata);
/// Checks what both a file and a caller can get wrong; says what, or nothing when all is well.
[[nodiscard]] std::optional<std::string> fault_of(const Metadata& metadata);

} // namespace exhyperv::guest::vhdx

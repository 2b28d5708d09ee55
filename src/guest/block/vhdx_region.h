#pragma once

#include "guest/block/image_file.h"

#include <vector>

namespace exhyperv::guest::vhdx {

struct Range {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    [[nodiscard]] std::uint64_t end() const { return offset + length; }
};

/// Where the allocation table and the metadata lie ([MS-VHDX] 2.2.3).
struct Regions {
    Range bat;
    Range metadata;
    std::vector<Range>
        all; ///< these and those this program does not know but may leave alone; 1 MiB aligned, inside the file
};

/// Takes the first table that is intact. disk.unsupported for a region that is required and unknown.
[[nodiscard]] Result<Regions> load_regions(const ImageFile& file);
/// Writes both copies for a new image.
[[nodiscard]] Result<> create_regions(ImageFile& file, const Range& bat, const Range& metadata);

} // namespace exhyperv::guest::vhdx

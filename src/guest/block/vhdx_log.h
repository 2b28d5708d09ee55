#pragma once

#include "guest/block/image_file.h"
#include "guest/block/vhdx_header.h"
#include "guest/block/vhdx_layout.h"

#include <array>
#include <vector>

namespace exhyperv::guest::vhdx {

/// One 4 KiB page of the file as it shall be: how allocation tables and sector bitmaps change.
struct PageUpdate {
    std::uint64_t offset = 0; ///< in the file, 4 KiB aligned
    std::array<std::byte, kPage> content{};
};

/// Applies what a killed writer left in the log ([MS-VHDX] 2.3.3) and marks the log empty. Nothing to do when it is
/// empty. disk.corrupt when the log is marked as used and holds nothing valid; disk.truncated when data that the log
/// counts on is gone.
[[nodiscard]] Result<> replay_log(ImageFile& file, HeaderPair& headers);

/// Makes the pages durable, all or nothing as long as they fit one log entry (250 pages in a 1 MiB log); beyond that in
/// the order given, entry by entry. What was written to the file before is flushed first. Leaves the log empty.
[[nodiscard]] Result<> write_through_log(ImageFile& file, HeaderPair& headers, const std::vector<PageUpdate>& pages);

} // namespace exhyperv::guest::vhdx

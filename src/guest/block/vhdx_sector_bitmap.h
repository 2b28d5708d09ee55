#pragma once

#include "guest/block/image_file.h"
#include "guest/block/vhdx_layout.h"
#include "guest/block/vhdx_log.h"

#include <unordered_map>
#include <vector>

namespace exhyperv::guest::vhdx {

/// The sector bitmaps of a differencing image, page by page: bit set = the sector is in this file, clear = in the
/// parent. The bit of the lowest sector is the lowest bit of a byte. Bitmap blocks are named by their place in the
/// file.
class SectorBitmaps {
  public:
    struct Run {
        bool present = false;
        std::uint64_t length = 0; ///< sectors in a row that are alike
    };
    /// The run that begins at bit `first`, at most `limit` (> 0) long. The bits lie within one bitmap block.
    Result<Run> run(const ImageFile& file, std::uint64_t bitmap, std::uint64_t first, std::uint64_t limit);
    Result<> set(const ImageFile& file, std::uint64_t bitmap, std::uint64_t first, std::uint64_t count);
    Result<> clear(const ImageFile& file, std::uint64_t bitmap, std::uint64_t first, std::uint64_t count);

    [[nodiscard]] std::vector<PageUpdate> changed_pages() const; ///< in rising order
    void accept_changes();
    void discard_changes();

  private:
    struct Page {
        std::array<std::byte, kPage> content{};
        bool changed = false;
    };
    Result<> change(const ImageFile& file, std::uint64_t bitmap, std::uint64_t first, std::uint64_t count, bool to);
    Result<Page*> page(const ImageFile& file, std::uint64_t offset);
    std::unordered_map<std::uint64_t, Page> pages_; ///< by place in the file
};

} // namespace exhyperv::guest::vhdx

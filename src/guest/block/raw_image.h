#pragma once

#include "guest/block/image_file.h"
#include "guest/image.h"

namespace exhyperv::guest {

/// A file (or block device) whose bytes are the disk's.
[[nodiscard]] Result<std::unique_ptr<Image>> open_raw(ImageFile file, std::uint32_t sector_size);

/// A file that begins with the disk's bytes and may hold other things behind them (a fixed VHD). The caller has checked
/// that the file is long enough.
struct FlatDisk {
    std::uint64_t size = 0;
    std::uint32_t sector_size = 512;
    ImageFormat format = ImageFormat::raw;
    Guid id;
};
[[nodiscard]] std::unique_ptr<Image> open_flat(ImageFile file, const FlatDisk& disk);

} // namespace exhyperv::guest

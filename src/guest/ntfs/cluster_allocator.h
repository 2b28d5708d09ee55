#pragma once

#include "guest/ntfs/freed_clusters.h"
#include "guest/ntfs/ntfs_shim.h"
#include "guest/ntfs/volume_device.h"

#include <functional>
#include <vector>

namespace exhyperv::guest {

/// Finds and marks clusters for file data.
///
/// The library's own allocator is not used for that: it leaves 16 MiB free behind every file, so that a few hundred
/// files touch every block of a dynamic image (guest disks grew 40 times as much as was written), and it would hand out
/// clusters that were freed a moment ago, whose old content is still needed should the process die (freed_clusters.h).
/// Here each file follows the one before, in one run where there is one.
class ClusterAllocator {
  public:
    ClusterAllocator(VolumeDevice& device, const exh_geometry& geometry) : device_(device), geometry_(geometry) {
        cursor_ = static_cast<std::uint64_t>(geometry.mft_zone_end);
    }

    /// Runs of together `count` clusters, marked as used. `guest.no_space` {needed, free} in bytes.
    [[nodiscard]] Result<std::vector<exh_run>> allocate(exh_volume* volume, std::uint64_t count);
    /// Marks runs as free again (a file that could not be written).
    [[nodiscard]] Result<> release(exh_volume* volume, const std::vector<exh_run>& runs);
    /// Clusters that allocate() could hand out now.
    [[nodiscard]] Result<std::uint64_t> available(exh_volume* volume);
    /// Where the next allocation starts to look.
    [[nodiscard]] std::int64_t cursor() const { return static_cast<std::int64_t>(cursor_); }

  private:
    using RunSink = std::function<bool(std::uint64_t first, std::uint64_t count)>; ///< true: enough
    Result<bool> scan(exh_volume* volume, std::uint64_t begin, std::uint64_t end, const RunSink& sink);
    Result<std::vector<exh_run>> find(exh_volume* volume, std::uint64_t count);

    VolumeDevice& device_;
    exh_geometry geometry_;
    std::uint64_t cursor_ = 0;
};

} // namespace exhyperv::guest

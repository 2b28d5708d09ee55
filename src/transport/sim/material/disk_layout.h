#pragma once

#include "guest/block.h"
#include "support/result.h"
#include "transport/sim/material/guest_image.h"

#include <cstdint>
#include <vector>

namespace exhyperv::sim {

/// What a partition of a new disk holds.
enum class VolumeRole { efi, reserved, windows, data, linux_root, recovery };

struct PlannedVolume {
    VolumeRole role = VolumeRole::windows;
    std::uint64_t offset = 0, size = 0; ///< bytes
};

/// Where the partitions of a spec lie. NTFS volumes have the size of a template that fits; what is left stays
/// unpartitioned. material.bad_value when the disk is too small.
[[nodiscard]] Result<std::vector<PlannedVolume>> plan_volumes(const GuestSpec& spec);

/// Writes the partition table; ids come from the spec's seed.
[[nodiscard]] Result<> write_partition_table(guest::Block& disk, const GuestSpec& spec,
                                             const std::vector<PlannedVolume>& volumes);

[[nodiscard]] std::uint64_t disk_bytes(const GuestSpec& spec);

} // namespace exhyperv::sim

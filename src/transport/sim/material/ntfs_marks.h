#pragma once

#include "guest/block.h"
#include "support/result.h"

#include <cstdint>

namespace exhyperv::sim {

// Marks on an NTFS volume that a real system leaves in states our engine refuses to write in.

/// The flag by which a volume asks for chkdsk ($Volume, VOLUME_IS_DIRTY).
[[nodiscard]] Result<> mark_dirty(guest::Block& disk, std::uint64_t volume_offset);

/// $LogFile as a Windows leaves it that keeps metadata in memory over the shutdown: restart pages of version 2.0 with
/// the log in use.
[[nodiscard]] Result<> mark_metadata_cached(guest::Block& disk, std::uint64_t volume_offset);

/// Sets every time on the volume (records, names, directory entries) to one moment, so that equal specs give equal
/// bytes whenever the image is made. FILETIME.
[[nodiscard]] Result<> set_all_times(guest::Block& disk, std::uint64_t volume_offset, std::uint64_t time);

} // namespace exhyperv::sim

#pragma once

#include "guest/block.h"

#include <string>

namespace exhyperv::guest {

/// "NTFS", "BitLocker", "ReFS", "exFAT", "FAT32", "FAT16", "FAT12", "ext4", "ext3", "ext2", "XFS", "Btrfs", "LUKS",
/// "LVM", "swap", "empty" (its start is all zeroes) or "unknown", by the signatures at the start of a volume. Errors:
/// disk.io.
[[nodiscard]] Result<std::string> probe_file_system(Block& disk, std::uint64_t offset, std::uint64_t size);

} // namespace exhyperv::guest

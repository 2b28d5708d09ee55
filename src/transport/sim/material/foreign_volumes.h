#pragma once

#include "guest/block.h"
#include "support/result.h"

#include <cstdint>

namespace exhyperv::sim {

// File systems other than NTFS, as far as a reader needs to tell what they are.

/// An empty FAT32 volume (for the EFI system partition): a valid one.
[[nodiscard]] Result<> write_fat32(guest::Block& disk, std::uint64_t offset, std::uint64_t size, std::uint32_t serial);

/// The boot sector of a BitLocker volume and random bytes behind it. There is nothing that could be unlocked.
[[nodiscard]] Result<> write_bitlocker(guest::Block& disk, std::uint64_t offset, std::uint64_t size,
                                       std::uint64_t seed);

/// The superblock of an ext4 file system, and nothing else of it.
[[nodiscard]] Result<> write_ext4_superblock(guest::Block& disk, std::uint64_t offset, std::uint64_t size,
                                             std::uint64_t seed);

} // namespace exhyperv::sim

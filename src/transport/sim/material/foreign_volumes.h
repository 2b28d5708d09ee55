#pragma once

#include "guest/block.h"
#include "support/result.h"

#include <cstdint>

namespace exhyperv::sim {

// Volumes other than NTFS and ext4, as far as a reader needs to tell what they are.

/// An empty FAT32 volume (for the EFI system partition): a valid one.
[[nodiscard]] Result<> write_fat32(guest::Block& disk, std::uint64_t offset, std::uint64_t size, std::uint32_t serial);

/// The boot sector of a BitLocker volume and random bytes behind it. There is nothing that could be unlocked.
[[nodiscard]] Result<> write_bitlocker(guest::Block& disk, std::uint64_t offset, std::uint64_t size,
                                       std::uint64_t seed);

/// The header of a LUKS volume and random bytes behind it. There is nothing that could be unlocked.
[[nodiscard]] Result<> write_luks(guest::Block& disk, std::uint64_t offset, std::uint64_t size, std::uint64_t seed);

/// The label of an LVM physical volume; there are no volumes in it.
[[nodiscard]] Result<> write_lvm(guest::Block& disk, std::uint64_t offset, std::uint64_t seed);

} // namespace exhyperv::sim

#pragma once

#include "guest/transaction.h"
#include "guest/volume.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace exhyperv::guest {

/// How a fresh volume differs from its template.
struct NtfsFormat {
    std::string label;        ///< UTF-8, at most 32 UTF-16 units
    std::uint64_t serial = 0; ///< volume serial number; 0: one derived from the label and the place
    std::uint64_t log_bytes =
        4u << 20; ///< size of $LogFile, at least 2 MiB; the template's own (up to 64 MiB) is the limit
};

/// Volume sizes in bytes that a template was built in for, ascending. Each is 128 MiB less than a usual disk size
/// (0.25, 1, 4, 20, 64, 127 GiB), which leaves room for the partition table, an EFI and a reserved partition.
[[nodiscard]] std::vector<std::uint64_t> ntfs_template_sizes();

/// The largest template that fits a disk of this size beside 128 MiB of other partitions; 0 when none does.
[[nodiscard]] std::uint64_t ntfs_template_for_disk(std::uint64_t disk_size);

/// Writes an empty NTFS volume (512-byte sectors, 4 KiB clusters) at `offset` of a disk: no program is run, a template
/// made by mkntfs at build time is written out, in a few milliseconds. The place must read as zeroes, as a new image
/// does: only what is not zero is written. Not journalled: for images that are being made. Errors: guest.no_template
/// (no template of this size), guest.bad_label, disk.io and its like, guest.io.
[[nodiscard]] Result<> format_ntfs(Block& disk, std::uint64_t offset, std::uint64_t size, const NtfsFormat& format);

/// Opens an NTFS volume for writing without asking whether a Windows is on it: for images that are being made and for
/// tools. The transaction must outlive it; GuestVolume::commit() commits it. Errors: guest.corrupt_volume, disk.io and
/// its like.
[[nodiscard]] Result<std::unique_ptr<GuestVolume>> open_ntfs(TransactionBlock& disk, std::uint64_t offset,
                                                             std::uint64_t size);

/// Security descriptors as Windows Setup leaves them. What is made below inherits from them, so they come first.
enum class WindowsAcl {
    system_root,       ///< C:\ : owner TrustedInstaller, users may read, authenticated users may create
    windows_directory, ///< C:\Windows, C:\Program Files: TrustedInstaller only may change
};
/// Sets one on a directory ("" is the root) of a volume from open_ntfs() or GuestDisk. Errors: those of GuestVolume.
[[nodiscard]] Result<> apply_windows_acl(GuestVolume& volume, const std::string& path, WindowsAcl kind);

} // namespace exhyperv::guest

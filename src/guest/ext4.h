#pragma once

#include "guest/transaction.h"
#include "guest/volume.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace exhyperv::guest {

// ext4 inside a guest disk, in process (docs/adr/0020). What is written goes through the transaction, as for NTFS.
//
// How the terms of GuestVolume are meant here: the attribute read-only is "no write bit in the mode" (files 0444, 0555
// when executable, directories 0555), anything else is 0644, 0755 and 0755; owner and group are root. A symbolic link
// has the reparse tag of one, pipes, sockets and device nodes the tags WSL gives them. Names are found exactly as
// written. Times are kept to 100 ns. A directory is renamed within its own parent only (`guest.bad_name`).

/// Why a volume must not be written; nullopt when it may. Reads the superblock only. Errors as findings:
/// guest.linux_journal (changes that are only in its journal: not shut down), guest.linux_errors (the kernel found it
/// damaged), guest.linux_feature {features} (what this program does not know or support), guest.corrupt_volume.
/// Errors: disk.io.
[[nodiscard]] Result<std::optional<Error>> judge_ext4(Block& disk, std::uint64_t offset, std::uint64_t size);

/// Does not judge. `now`: FILETIME used for everything that is made, for images that are to be reproducible; 0: the
/// clock. The transaction must outlive the volume. Errors: guest.corrupt_volume, guest.linux_feature, disk.io and its
/// like.
[[nodiscard]] Result<std::unique_ptr<GuestVolume>> open_ext4(TransactionBlock& disk, std::uint64_t offset,
                                                             std::uint64_t size, std::uint64_t now = 0);
/// Every changing call fails with `guest.read_only`.
[[nodiscard]] Result<std::unique_ptr<GuestVolume>> open_ext4_read_only(Block& disk, std::uint64_t offset,
                                                                       std::uint64_t size);

struct Ext4Format {
    std::string label;      ///< UTF-8, at most 16 bytes
    std::uint64_t seed = 1; ///< of the volume's ids
    std::uint64_t now = 0;  ///< FILETIME of creation; 0: the clock
};
/// Makes an empty file system with the features a current Debian or Ubuntu gives one (journal, checksums of the
/// metadata, 64-bit, extents). The place must read as zeroes. Not journalled: for images that are being made. At least
/// 64 MiB. Errors: guest.bad_label, guest.io, disk.io and its like.
[[nodiscard]] Result<> format_ext4(Block& disk, std::uint64_t offset, std::uint64_t size, const Ext4Format& format);

} // namespace exhyperv::guest

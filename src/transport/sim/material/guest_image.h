#pragma once

#include "guest/guest_disk.h"
#include "guest/image.h"
#include "support/result.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace exhyperv::sim {

// Guest disks for the simulated host: real image files with a real partition table, NTFS and registry hives, or ext4.
// What is in them is synthesized: a Windows or Linux tree small enough to make in a moment, that says of itself what
// the spec asks for.

enum class GuestContent {
    windows,     ///< one Windows installation
    two_windows, ///< two, on two partitions
    data,        ///< NTFS without Windows
    linux_root,  ///< one Linux on ext4
    empty,       ///< no partition table at all
};

/// States in which a guest disk must not be written, and damage.
enum class GuestCondition {
    bitlocker,    ///< boot sector of an encrypted volume; the data behind it is random
    hibernated,   ///< hiberfil.sys with a live image header
    fast_startup, ///< the file system log of version 2.0, in use: Windows kept metadata in memory over the shutdown
    dirty_volume, ///< the volume's dirty flag
    dirty_hive,   ///< SYSTEM with differing sequence numbers, its logs empty
    logged_hive,  ///< the same, but the logs hold what is missing
    unclean_vhdx, ///< VHDX whose log waits for a replay; only for the VHDX formats
    truncated,    ///< the image file cut off in the middle
    // of a Linux disk
    unclean_journal, ///< the root's journal waits for recovery: not shut down
    volume_errors,   ///< the kernel found the root damaged
    luks,            ///< an encrypted volume instead of a root: a LUKS header, random bytes behind it
    lvm,             ///< an LVM physical volume instead of a root: its label only
};

/// Which kernels of a Linux disk have dxgkrnl.
enum class KernelsWithDxgkrnl {
    some, ///< two kernels: the distribution's without, one of the user's own with it
    all,  ///< one kernel, with it
    none, ///< one kernel, without it
};

/// Which guest disk to make. Equal specs give byte-equal images.
struct GuestSpec {
    guest::ImageFormat format =
        guest::ImageFormat::vhdx_dynamic; ///< raw, vhdx_fixed, vhdx_dynamic or vhdx_differencing
    std::string parent;          ///< vhdx_differencing: path of the parent image; the child starts as a copy of nothing
    std::uint32_t size_gib = 20; ///< 1 to 2048; ignored for vhdx_differencing
    GuestContent content = GuestContent::windows;
    bool mbr = false;      ///< MBR instead of GPT with EFI system and Microsoft reserved partitions
    bool recovery = false; ///< a recovery partition at the end
    std::uint32_t build = 26100;
    std::uint32_t revision = 2033;
    bool server = false;
    std::string edition; ///< EditionID; empty: "Professional", or "ServerDatacenter"
    guest::Architecture architecture = guest::Architecture::x64;
    std::uint32_t files = 200;             ///< small files below Windows, 0 to 20,000
    std::optional<std::uint32_t> free_mib; ///< leave this much: the rest is taken by one file
    std::set<GuestCondition> conditions;
    KernelsWithDxgkrnl dxgkrnl = KernelsWithDxgkrnl::some;
    std::uint64_t seed = 1; ///< disk and volume ids, file content
    bool operator==(const GuestSpec&) const = default;
};

/// Makes the image; refuses to overwrite (disk.exists). It appears under its name only when complete; a failure leaves
/// no file behind. Errors: material.bad_value (a spec that cannot be made), disk.*, guest.*, file.*.
[[nodiscard]] Result<> make_guest_image(const std::string& path, const GuestSpec& spec);

} // namespace exhyperv::sim

#pragma once

#include "guest/engine.h"
#include "guest/hive.h"
#include "guest/image.h"
#include "guest/partition_table.h"
#include "guest/volume.h"

#include <memory>
#include <string>
#include <vector>

namespace exhyperv::guest {

enum class Architecture { unknown, x86, x64, arm64 };

/// What a Windows installation says of itself, read from its files and hives.
struct WindowsInstall {
    std::uint32_t partition = 0; ///< number in the partition table
    std::string product_name; ///< "Windows 11 Pro" (SOFTWARE ProductName; 22000+ says "Windows 10": corrected by build)
    std::string edition_id;   ///< "Professional"
    std::uint32_t build = 0;  ///< CurrentBuildNumber
    std::uint32_t revision = 0; ///< UBR
    bool server = false;
    Architecture architecture = Architecture::unknown;
    char system_drive = 'C';               ///< the letter it gives its own volume (SOFTWARE SystemRoot)
    std::uint32_t current_control_set = 0; ///< Select\Current
    std::vector<std::uint32_t>
        control_sets; ///< every set that Select names (Current, Default, LastKnownGood), no doubles
};

/// A kernel of a Linux guest, and whether it brings the driver that a paravirtualized GPU needs.
struct LinuxKernel {
    enum class Dxgkrnl { missing, module, built_in };
    std::string release; ///< "6.8.0-45-generic": the directory below lib/modules
    Dxgkrnl dxgkrnl = Dxgkrnl::missing;
};

/// What a Linux installation says of itself, read from its files.
struct LinuxInstall {
    std::uint32_t partition = 0; ///< number in the partition table
    std::string name;            ///< PRETTY_NAME of os-release: "Ubuntu 24.04.1 LTS"
    std::string id, version_id;  ///< "ubuntu", "24.04"
    Architecture architecture = Architecture::unknown;
    std::vector<LinuxKernel> kernels; ///< newest last, as far as their names tell
    std::string dxgkrnl_source;       ///< version of a DKMS source of dxgkrnl that is there; empty: none
    bool loader_knows = false;        ///< the loader's cache (ld.so.cache) lists /usr/lib/wsl/lib
    bool selinux = false;             ///< enforcing: new files want a label
};

/// Why a partition is not usable, or what was found on it.
struct PartitionFinding {
    Partition partition;
    std::string file_system;      ///< "NTFS", "FAT32", "ReFS", "ext4", "LUKS", "LVM", "BitLocker", "unknown"
    std::optional<Error> refusal; ///< guest.bitlocker, guest.hibernated, guest.dirty_volume, guest.linux_journal,
                                  ///< guest.linux_encrypted, hive.dirty, …
    std::optional<WindowsInstall> windows;
    std::optional<LinuxInstall> linux_system;
    bool unlocked = false; ///< a BitLocker volume that this machine has unlocked: only *windows* reads and writes it
};

struct DiskFindings {
    ImageFormat format = ImageFormat::raw;
    std::uint64_t size = 0;
    TableKind table = TableKind::none;
    std::vector<PartitionFinding> partitions;
    bool leftover_journal = false;
    std::vector<std::string> chain; ///< the image and its parents, leaf first
};

/// Looks without changing a byte: `exhyperv guest inspect`. Opens read only (a leftover journal is reported, not
/// redone). On Windows an image with a BitLocker volume is attached read only, for it may be unlocked there.
[[nodiscard]] Result<DiskFindings> inspect_disk(const std::string& image_path);

struct GuestOpenOptions {
    bool writable = true;
    std::uint32_t partition = 0;    ///< 0: the one Windows there is, else the one Linux; `guest.ambiguous_windows`,
                                    ///< `guest.ambiguous_linux` when there are several
    Engine engine = Engine::direct; ///< who writes; without `writable` it is always *direct*
};

struct ImageFacts {
    std::string path; ///< as it was opened
    ImageFormat format = ImageFormat::raw;
    std::vector<std::string> chain; ///< the image and its parents, leaf first
};

/// An open guest disk. Closing without commit() leaves the disk as it was. A leftover journal is redone or dropped
/// first, a leftover undo log is rolled back, whichever engine left it. *direct*: image lock → transaction → NTFS →
/// Windows, or ext4 → Linux. *windows*: the image is a disk of this machine until the object is gone; a Linux system is
/// opened directly all the same. Errors: those of open_image, plus guest.no_windows, guest.ambiguous_windows,
/// guest.bitlocker, guest.hibernated, guest.fast_startup, guest.dirty_volume, guest.unclean_log, hive.dirty,
/// guest.ambiguous_linux, guest.linux_encrypted, guest.linux_lvm, guest.linux_file_system, guest.linux_journal,
/// guest.linux_errors, guest.linux_feature — each with disk and partition in the arguments; guest.engine_not_here,
/// guest.undo_needs_windows, guest.undo_foreign, guest.undo_damaged; of *windows*: those of
/// platform/win/virtual_disk.h.
class GuestDisk {
  public:
    static Result<std::unique_ptr<GuestDisk>> open(const std::string& image_path, const GuestOpenOptions& options);
    virtual ~GuestDisk() = default;
    [[nodiscard]] virtual const WindowsInstall& windows() const = 0; ///< of a Linux guest: partition, architecture only
    [[nodiscard]] virtual const LinuxInstall* linux_system() const { return nullptr; } ///< null: a Windows guest
    [[nodiscard]] virtual bool unlocked() const { return false; }                      ///< PartitionFinding::unlocked
    [[nodiscard]] virtual GuestVolume& volume() = 0;
    [[nodiscard]] virtual const ImageFacts& image() const = 0;
    /// Reads a hive by name: "SYSTEM" or "SOFTWARE" (Windows\System32\config). Changes that are still in its logs are
    /// put in, in memory; `hive.dirty` when the logs do not fit.
    [[nodiscard]] virtual Result<Hive> read_hive(const std::string& name) = 0;
    /// Puts a hive back, as part of the transaction.
    [[nodiscard]] virtual Result<> write_hive(const std::string& name, const Hive& hive) = 0;
    [[nodiscard]] virtual Result<> commit() = 0;
    /// Lets the disk go, and has seen that it is free; nothing can be done with the object afterwards. The destructor
    /// does it too, but cannot say that it failed: after a commit this comes before anything is claimed.
    [[nodiscard]] virtual Result<> close() = 0;
};

} // namespace exhyperv::guest

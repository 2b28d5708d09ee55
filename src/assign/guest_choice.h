#pragma once

#include "guest/guest_disk.h"
#include "host/host.h"
#include "model/vm.h"
#include "support/deadline.h"

#include <optional>
#include <string>

namespace exhyperv::assign {

/// The Windows, or the Linux, inside a VM that an operation is about.
struct GuestChoice {
    std::string disk;       ///< image path on the host, as the VM's settings name it; "\\.\PhysicalDriveN"
    std::string local_path; ///< under which this process opens it
    guest::ImageFormat format = guest::ImageFormat::raw;
    guest::WindowsInstall windows;                   ///< of a Linux guest: partition and architecture only
    std::optional<guest::LinuxInstall> linux_system; ///< nullopt: a Windows guest
    bool chained = false; ///< the leaf of a checkpoint chain: applying a checkpoint takes its content back
    bool leftover_journal = false;
    bool unlocked = false; ///< BitLocker, unlocked by this machine
};

/// Looks at the VM's disks, boot order first, without changing a byte, and settles on the one Windows there is, else
/// the one Linux. `disk` names an image of the VM when there are several; `partition` a partition of it (0: the only
/// one with Windows). Errors: guest.no_disk, guest.not_a_disk_of_vm {disk, disks},
/// guest.ambiguous_disk {disks}, disk.parent_of_checkpoint, guest.no_windows, guest.ambiguous_windows,
/// guest.ambiguous_linux, host.files_not_local, and the refusal of the engine (guest.bitlocker, guest.hibernated,
/// disk.in_use, …) when that is why no Windows was found.
[[nodiscard]] Result<GuestChoice> choose_guest(host::Host& host, const model::Vm& vm,
                                               const std::optional<std::string>& disk, std::uint32_t partition);

/// An error of a disk as this process opens it, in the host's words: its path, and those of images beside it. On the
/// host itself they are the same.
[[nodiscard]] Error named_by_host(Error error, const std::string& local, const std::string& disk);

} // namespace exhyperv::assign

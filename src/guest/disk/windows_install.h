#pragma once

#include "guest/guest_disk.h"

namespace exhyperv::guest {

/// The hive file of that name on a volume: Windows\System32\config\<name>. `guest.unknown_hive` for anything but
/// letters.
[[nodiscard]] Result<std::string> hive_path(const std::string& name);

/// A dirty hive is completed from its logs, in memory. Errors: hive.dirty (they do not fit) and hive.corrupt with
/// `hive`, guest.not_found, guest.special_file.
[[nodiscard]] Result<Hive> load_hive(GuestVolume& volume, const std::string& name);

/// Are the hives there that make a directory tree a Windows installation? (They are not looked into.)
[[nodiscard]] Result<bool> has_windows(GuestVolume& volume);

/// Reads what a Windows says of itself. `partition` is left 0.
[[nodiscard]] Result<WindowsInstall> read_windows_install(GuestVolume& volume);

} // namespace exhyperv::guest

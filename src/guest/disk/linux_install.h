#pragma once

#include "guest/guest_disk.h"

namespace exhyperv::guest {

/// Is there a file that says which Linux this is (os-release)?
[[nodiscard]] Result<bool> has_linux(GuestVolume& volume);

/// Reads what a Linux says of itself. `partition` is left 0. What is missing or unreadable is left empty: only the
/// disk's own errors are errors.
[[nodiscard]] Result<LinuxInstall> read_linux_install(GuestVolume& volume);

} // namespace exhyperv::guest

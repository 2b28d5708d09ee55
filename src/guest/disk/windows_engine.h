#pragma once

#include "guest/guest_disk.h"

namespace exhyperv::guest {

/// Is this a build for Windows? The functions below fail with `guest.engine_not_here` when it is not.
[[nodiscard]] bool windows_engine_is_here();

/// GuestDisk::open, for writing, by Windows: looks at the image with our own engine, which chooses the system and
/// judges its volume; then attaches the image and works on the files of that volume, under an undo log. A Linux system
/// is opened directly: Windows has no ext4. Closing detaches the image. Errors: those of GuestDisk::open and
/// platform/win/virtual_disk.h.
[[nodiscard]] Result<std::unique_ptr<GuestDisk>> open_by_windows(const std::string& image_path,
                                                                 const GuestOpenOptions& options);

/// As settle_undo_directly(). Attaching the image lets Windows put its own log in order first.
[[nodiscard]] Result<> settle_undo_by_windows(const std::string& image_path);

} // namespace exhyperv::guest

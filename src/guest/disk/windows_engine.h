#pragma once

#include "guest/disk/disk_survey.h"

namespace exhyperv::guest {

/// Is this a build for Windows? The functions below fail with `guest.engine_not_here` when it is not.
[[nodiscard]] bool windows_engine_is_here();

/// GuestDisk::open, for writing, by Windows: looks at the image with our own engine, which chooses the system and
/// judges its volume; then attaches the image and works on the files of that volume, under an undo log. A Linux system
/// is opened directly: Windows has no ext4. Closing detaches the image. Errors: those of GuestDisk::open and
/// platform/win/virtual_disk.h.
[[nodiscard]] Result<std::unique_ptr<GuestDisk>> open_by_windows(const std::string& image_path,
                                                                 const GuestOpenOptions& options);

/// For reading what BitLocker has encrypted and this machine has unlocked: GuestDisk::open without `writable`. The
/// image is attached read only.
[[nodiscard]] Result<std::unique_ptr<GuestDisk>> open_unlocked(const std::string& image_path,
                                                               const GuestOpenOptions& options);
/// Completes a survey by what this machine has unlocked, attaching the image read only for the moment. Elsewhere than
/// on Windows, and for what stays locked, nothing changes.
void look_by_windows(const std::string& image_path, DiskSurvey& survey);

/// As settle_undo_directly(). Attaching the image lets Windows put its own log in order first.
[[nodiscard]] Result<> settle_undo_by_windows(const std::string& image_path);

} // namespace exhyperv::guest

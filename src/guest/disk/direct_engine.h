#pragma once

#include "guest/guest_disk.h"

namespace exhyperv::guest {

/// GuestDisk::open by our own engine. What the *windows* engine left behind has been settled.
[[nodiscard]] Result<std::unique_ptr<GuestDisk>> open_directly(const std::string& image_path,
                                                               const GuestOpenOptions& options);

/// Deals with the undo log that the marker beside the image names (undo/undo_log.h), with our own NTFS. Where Windows
/// did not close the volume, only Windows can: `guest.undo_needs_windows` {reason}. Nothing when there is no marker.
[[nodiscard]] Result<> settle_undo_directly(const std::string& image_path);

} // namespace exhyperv::guest

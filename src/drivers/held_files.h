#pragma once

#include "drivers/manifest.h"
#include "guest/volume.h"
#include "support/deadline.h"

namespace exhyperv::drivers {

/// Takes out of the manifest the files that the guest does not hold as listed: missing, of another size or time (the
/// planner's rule for files to copy again). What is left is what the guest has, as far as a listing can tell. Errors:
/// drivers.unsafe_guest_path, the volume's, call.*.
[[nodiscard]] Result<> drop_lost_files(Manifest& manifest, guest::GuestVolume& volume, const CallContext& context);

/// Does the volume hold anything that the manifest lists? A manifest from elsewhere whose packages are all missing
/// describes another system: one that was installed anew, or another of the same disk.
[[nodiscard]] Result<bool> holds_any_package(const Manifest& manifest, guest::GuestVolume& volume);

} // namespace exhyperv::drivers

#pragma once

#include "guest/ntfs/ntfs_volume.h"
#include "support/result.h"
#include "transport/sim/material/guest_image.h"

namespace exhyperv::sim {

/// Fills an empty volume with a Windows installation: directories with the security descriptors Setup leaves, kernel,
/// hives, `spec.files` small files, and the files of spec.conditions (hiberfil.sys). The caller commits.
[[nodiscard]] Result<> fill_with_windows(guest::NtfsVolume& volume, const GuestSpec& spec);

/// The same for a volume that holds a user's data.
[[nodiscard]] Result<> fill_with_data(guest::NtfsVolume& volume, const GuestSpec& spec);

/// Time of every file made here: 2024-06-01 00:00 UTC, as FILETIME.
inline constexpr std::uint64_t kFileTime = 133'616'736'000'000'000;

} // namespace exhyperv::sim

#pragma once

#include "guest/volume.h"
#include "support/result.h"
#include "transport/sim/material/guest_image.h"

namespace exhyperv::sim {

/// Fills an empty ext4 volume with a Linux root: merged /usr with its links, os-release of an Ubuntu, the loader's
/// configuration, kernels with their module lists (spec.dxgkrnl says which have dxgkrnl), and `spec.files` small files.
/// All of it is synthesized: kernels and modules are random bytes. The caller commits.
[[nodiscard]] Result<> fill_with_linux(guest::GuestVolume& volume, const GuestSpec& spec);

/// Puts the marks of spec.conditions (unclean_journal, volume_errors) into the volume's superblock.
[[nodiscard]] Result<> mark_ext4(guest::Block& disk, std::uint64_t offset, const GuestSpec& spec);

} // namespace exhyperv::sim

#pragma once

#include "guest/ntfs/ntfs_volume.h"

#include <optional>

namespace exhyperv::guest {

/// Where something was found, for the arguments of an error.
struct VolumePlace {
    std::string disk;
    std::uint32_t partition = 0;
    [[nodiscard]] Error mark(Error error) const;
};

/// Why an NTFS volume must not be written: its Windows has something in memory or in its log that our changes would
/// clash with. guest.hibernated, guest.fast_startup, guest.unclean_log, guest.dirty_volume; nullopt when Windows closed
/// it.
[[nodiscard]] std::optional<Error> refusal_for(const NtfsState& state, const VolumePlace& place);

} // namespace exhyperv::guest

#pragma once

#include "drivers/manifest.h"
#include "drivers/package.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

enum class DriftState : std::uint8_t {
    same,      ///< version and files agree
    older,     ///< the guest has an older driver
    newer,     ///< the guest has a newer driver than the host
    different, ///< same version, other files; or versions that cannot be ordered
    missing,   ///< no driver of this card in the guest
};
[[nodiscard]] std::string_view drift_name(DriftState state); ///< "same", "older", …

struct DriftFile {
    enum class Kind : std::uint8_t { missing, changed, extra } kind = Kind::missing;
    std::string package; ///< folder on the host (missing, changed) or in the guest (extra); empty: no driver's file
    std::string path;    ///< inside the package; without one below the guest's volume root
};

struct Drift {
    DriftState state = DriftState::missing;
    std::string host_version, guest_version; ///< guest_version empty: missing
    std::string since;                       ///< when the guest got its driver
    std::vector<DriftFile> files;            ///< at most 1,000; `file_count` has them all
    std::size_t file_count = 0;
};

/// Compares two lists; touches neither disk nor host. With the host's copy of the manifest it works for a running VM.
[[nodiscard]] Drift compare(const Manifest& manifest, const ResolvedDrivers& drivers);

/// -1, 0, 1 by the numbers of "32.0.15.7283"; 0 when either has other characters.
[[nodiscard]] int compare_versions(std::string_view a, std::string_view b);

} // namespace exhyperv::drivers

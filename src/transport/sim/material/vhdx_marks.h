#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>

namespace exhyperv::sim {

/// Replaces the ids that a VHDX takes anew on each write (file write, data write) by such from the seed, and empties
/// its log: equal specs give equal files. Only for images nobody has open and no other disk depends on.
[[nodiscard]] Result<> settle_vhdx_ids(const std::string& path, std::uint64_t seed);

/// Leaves a valid entry in the log that has not been applied, as a host does that lost its power: without it the
/// allocation table is wrong.
[[nodiscard]] Result<> leave_vhdx_log(const std::string& path, std::uint64_t seed);

} // namespace exhyperv::sim

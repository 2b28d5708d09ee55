#pragma once

#include "drivers/manifest.h"
#include "guest/guest_disk.h"
#include "support/deadline.h"
#include "support/progress.h"

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::drivers {

/// What a guest really holds of what its manifest lists.
struct ReadBack {
    std::size_t files = 0, links = 0, values = 0; ///< looked at
    std::uint64_t bytes = 0;                      ///< read and hashed
    /// Paths that are missing or hold something else ("Windows\System32\…", or key and value of the hive). At most 100.
    std::vector<std::string> wrong;
    std::size_t wrong_count = 0;
    [[nodiscard]] bool sound() const { return wrong_count == 0; }
};

/// What a manifest lists for one card: what other cards brought may have been changed by its guest since.
[[nodiscard]] Manifest part_of(const Manifest& manifest, const std::string& card);

/// Reads every file of the manifest's packages and compares its hash, every link its target, every registry value its
/// data. Files that were there before are compared by size only when the manifest has no hash of them. Values that
/// somebody else changed since count as wrong too. Errors: the engine's, call.*.
[[nodiscard]] Result<ReadBack> read_back(guest::GuestDisk& disk, const Manifest& manifest, const ProgressSink& progress,
                                         const CallContext& context);

} // namespace exhyperv::drivers

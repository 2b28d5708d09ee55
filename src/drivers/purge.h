#pragma once

#include "drivers/manifest.h"
#include "guest/guest_disk.h"
#include "support/deadline.h"
#include "support/progress.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::drivers {

struct PurgeRequest {
    std::string card; ///< instance path; empty: every card
    /// The host's copy of the manifest, used when the guest's is missing or unusable, and to recognise copies.
    std::optional<Manifest> host_copy;
    /// Extras go although no record of this host lists them: the user has seen PurgePlan::extras and said yes.
    bool extras_confirmed = false;
};

struct PurgePlan {
    std::string card;                  ///< as asked
    Manifest manifest;                 ///< what it works from
    std::optional<Manifest> trusted;   ///< the host's copy
    std::vector<std::string> packages; ///< folders to be removed; shared ones stay
    std::vector<std::string> extras;   ///< files outside the driver stores that would be removed
    bool extras_confirmed = false;     ///< as asked
    std::size_t files = 0, links = 0, values = 0;
    std::uint64_t bytes = 0;
    std::vector<Message> warnings;
    [[nodiscard]] bool nothing_to_do() const { return packages.empty() && files + links + values == 0; }
};

/// What would be taken out. A card that the manifest does not list is a plan with nothing to do.
/// Errors: drivers.manifest_invalid (when there is no host copy either), and the engine's.
[[nodiscard]] Result<PurgePlan> plan_purge(guest::GuestDisk& disk, const PurgeRequest& request,
                                           const CallContext& context);

struct PurgeReport {
    std::size_t files_removed = 0, links_removed = 0, files_restored = 0, values_restored = 0;
    std::uint64_t bytes_freed = 0;
    std::vector<Message> warnings; ///< what was left because somebody else changed it
    Manifest manifest;             ///< what remains; empty when nothing does
};

/// Takes out what the manifest lists and nothing else, inside the disk's transaction; the caller commits. Directories
/// of ours go when they are empty, replaced guest files come back under their names, registry values as they were.
[[nodiscard]] Result<PurgeReport> run_purge(guest::GuestDisk& disk, const PurgePlan& plan, const ProgressSink& progress,
                                            const CallContext& context);

/// After the commit, from a second opening: what the purge was to take out and is still there, by name; nullopt when
/// all of it is gone but what the report's warnings name.
[[nodiscard]] Result<std::optional<std::string>> left_behind(guest::GuestDisk& disk, const PurgePlan& plan,
                                                             const PurgeReport& report);

} // namespace exhyperv::drivers

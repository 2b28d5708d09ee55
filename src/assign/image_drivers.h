#pragma once

#include "assign/engine_choice.h"
#include "drivers/import.h"
#include "drivers/offline/store_copy.h"
#include "drivers/purge.h"
#include "drivers/read_back.h"
#include "guest/guest_disk.h"
#include "support/deadline.h"
#include "support/progress.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

// Drivers into and out of a plain image file, without any host: golden images. The image's own transaction is the undo:
// a failure or a kill before the commit leaves it as it was, one during the commit is completed by the next opening.

struct ImageImportRequest {
    std::string image;
    std::uint32_t partition = 0; ///< 0: the one Windows there is, else the one Linux
    drivers::StoreChoice store;
    bool copy = false;        ///< copies in System32 instead of symbolic links
    drivers::ScopeWish scope; ///< extras are files of this machine, or packages of the store
    std::optional<guest::Engine> engine;
};

/// What was found and what would be done. A value.
struct ImageImport {
    std::string image;
    guest::WindowsInstall windows; ///< of a Linux guest: partition and architecture only
    std::optional<guest::LinuxInstall> linux_system;
    guest::ImageFormat format = guest::ImageFormat::raw;
    bool chained = false; ///< the image has parents
    EngineChoice engine;  ///< who writes
    drivers::ImportPlan plan;
    std::uint64_t growth = 0;                 ///< what the image file may grow by; 0: it does not grow
    std::optional<std::uint64_t> growth_free; ///< free on the file system it lies on
    [[nodiscard]] bool fits() const { return plan.enough_space() && (!growth_free || growth <= *growth_free); }
};

struct ImageImportResult {
    ImageImport import;
    drivers::ImportReport report;
    drivers::ReadBack read_back; ///< from a second opening, after the commit
};

/// Redoes or drops what a killed commit left beside the image, so that it can be looked at. Errors:
/// guest::GuestDisk::open.
[[nodiscard]] Result<> settle_image(const std::string& image, std::uint32_t partition);

/// Writes nothing. Errors: those of StoreCopy::open, drivers::resolve, drivers::plan_import, guest::GuestDisk::open,
/// guest.too_old {build, disk}.
[[nodiscard]] Result<ImageImport> plan_image_import(const ImageImportRequest& request, const CallContext& context);
/// Thinks afresh, imports, commits, and reads everything back. Errors besides: drivers.no_space, image.no_room {image,
/// needed, free}, drivers.essential_file, image.read_back {image, count, first}.
[[nodiscard]] Result<ImageImportResult> run_image_import(const ImageImportRequest& request,
                                                         const ProgressSink& progress, const CallContext& context);

struct ImagePurgeRequest {
    std::string image;
    std::uint32_t partition = 0;
    std::string card;              ///< instance path, hardware id or part of the name; empty: every card
    bool extras_confirmed = false; ///< see drivers::PurgeRequest
    std::optional<guest::Engine> engine;
};

struct ImagePurge {
    std::string image;
    guest::WindowsInstall windows; ///< of a Linux guest: partition and architecture only
    std::optional<guest::LinuxInstall> linux_system;
    std::vector<drivers::ManifestCard> cards; ///< that go
    EngineChoice engine;                      ///< who writes
    drivers::PurgePlan plan;
};

struct ImagePurgeResult {
    ImagePurge purge;
    drivers::PurgeReport report;
};

/// Errors: image.no_such_card {card, cards} when the guest has drivers, but none of that card;
/// drivers.manifest_invalid.
[[nodiscard]] Result<ImagePurge> plan_image_purge(const ImagePurgeRequest& request, const CallContext& context);
/// Errors besides: image.purge_incomplete {image}.
[[nodiscard]] Result<ImagePurgeResult> run_image_purge(const ImagePurgeRequest& request, const ProgressSink& progress,
                                                       const CallContext& context);

} // namespace exhyperv::assign

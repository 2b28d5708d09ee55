#pragma once

#include "drivers/import_scope.h"
#include "drivers/manifest.h"
#include "drivers/package.h"
#include "drivers/registry_patch.h"
#include "guest/guest_disk.h"
#include "host/files.h"
#include "support/deadline.h"
#include "support/progress.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::drivers {

enum class Placement : std::uint8_t { link, copy }; ///< System32 names: symbolic links, or copies

struct ImportOptions {
    std::optional<Placement> placement; ///< nullopt: as the manifest says the card's names were made, else links
    std::string program = "exhyperv";   ///< recorded in the manifest
    std::string now;                    ///< ISO 8601 UTC, recorded; empty: the system's clock
    /// The host's copy of the manifest: stands in when the guest's own is missing or unusable.
    std::optional<Manifest> host_copy;
    ScopeWish scope; ///< what the user wants besides, on top of what earlier imports were asked for
    /// Where the scope's files are looked up. Without it a scope that is not plain is drivers.scope_without_host.
    host::HostFiles* files = nullptr;
};

enum class FileAction : std::uint8_t { add, replace, keep, remove };

struct PlannedFile {
    FileAction action = FileAction::add;
    std::size_t package = 0; ///< index into drivers.packages (not for remove)
    std::string path;        ///< inside the package
    std::string guest_path;  ///< below the volume root
    std::uint64_t size = 0, modified = 0;
    bool essential = false;
    bool foreign = false; ///< the guest has something of this name that no manifest lists
    std::string hash;     ///< keep: from the manifest; empty when unknown (found in the guest)
};

struct PlannedLink {
    FileAction action = FileAction::add;
    ManifestLink link;       ///< as the manifest will list it
    std::size_t package = 0; ///< of the file it stands for; extras are of none
    std::string source;      ///< path inside the package
    std::string host_path;   ///< copies: where the bytes come from
    bool move_aside = false; ///< the guest's own file is renamed to link.backup first
    std::uint64_t bytes = 0; ///< copies
};

/// A text of ours that tells programs of the guest where things are.
struct PlannedConfig {
    ManifestConfig config;
    bool present = false; ///< the guest has it, with this content
};

/// What an import would do to one guest, thought through before anything is written. A value.
struct ImportPlan {
    ResolvedDrivers drivers;
    ImportOptions options;
    std::string disk;             ///< image path, for messages
    Manifest before;              ///< what the guest's manifest says now
    bool manifest_update = false; ///< the manifest has to be written even if nothing else changes
    std::vector<PlannedFile> files;
    std::vector<PlannedLink> links;
    RegistryPlan registry;
    std::vector<PlannedConfig> configs;
    std::vector<std::string> retired_packages;  ///< folders that no card uses afterwards: removed with their files
    std::vector<std::string> new_directories;   ///< parents first
    std::vector<ManifestAttributes> attributes; ///< directories and found files that are to become read-only
    std::uint64_t bytes_to_write = 0;
    std::uint64_t bytes_kept = 0;
    std::uint64_t bytes_removed = 0;
    std::uint64_t space_needed = 0; ///< clusters and metadata included
    std::uint64_t space_free = 0;
    std::vector<Message> warnings; ///< the resolution's and the plan's own

    [[nodiscard]] std::size_t count(FileAction action) const; ///< files
    [[nodiscard]] bool nothing_to_do() const;                 ///< the guest has it all
    [[nodiscard]] bool enough_space() const { return space_needed <= space_free; }
};

/// Compares the card's packages with what the guest's disk really holds (directory listings: size and time) and with
/// its manifest. Writes nothing. Errors: drivers.guest_architecture {package, guest}, drivers.unsafe_guest_path {path}
/// (a reparse point where a directory of ours has to be), drivers.extra_missing {path}, those of add_scope(), and the
/// engine's.
[[nodiscard]] Result<ImportPlan> plan_import(const ResolvedDrivers& drivers, guest::GuestDisk& disk,
                                             const ImportOptions& options, const CallContext& context);

struct ImportReport {
    std::size_t files_written = 0, files_kept = 0, files_removed = 0, links_made = 0;
    std::size_t values_changed = 0;
    std::uint64_t bytes_written = 0;
    std::vector<std::string> failed_files; ///< host paths that could not be read
    std::vector<Message> warnings;
    Manifest manifest; ///< as written into the guest; write_manifest_copy() it after the commit
    [[nodiscard]] bool changed() const { return files_written + files_removed + links_made + values_changed != 0; }
};

/// Carries the plan out inside the disk's transaction; the caller commits (or closes the disk, and nothing has
/// happened). Reading runs ahead on a thread of its own with at most 16 MiB of buffers. A source file that cannot be
/// read fails alone and is named in the report, unless it is essential. Progress: bytes of plan.bytes_to_write, `item`
/// the file. Errors: drivers.no_space {disk, needed, free}, drivers.essential_file {path} with the cause in detail,
/// call.cancelled, call.timeout, and the engine's.
[[nodiscard]] Result<ImportReport> run_import(guest::GuestDisk& disk, const ImportPlan& plan, host::HostFiles& files,
                                              const ProgressSink& progress, const CallContext& context);

} // namespace exhyperv::drivers

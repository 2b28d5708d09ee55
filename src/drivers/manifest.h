#pragma once

#include "drivers/import_scope.h"
#include "guest/hive.h"
#include "guest/volume.h"
#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

/// Where the manifest lies in a Windows guest; guest_layout.h knows it of every kind.
inline constexpr std::string_view kManifestPath = "Windows\\System32\\HostDriverStore\\exhyperv-manifest.json";

/// The last part of the instance path of a card that is known by its hardware id alone: what a golden image is made
/// for.
inline constexpr std::string_view kImageInstance = "image";

struct ManifestFile {
    std::string path; ///< relative to the package directory
    std::uint64_t size = 0;
    std::uint64_t modified = 0; ///< FILETIME
    std::string hash;           ///< XXH3-128, 32 hex digits
    std::string backup;         ///< the guest had another file of this name: where it was put (bare name beside it)
    bool found = false;         ///< was there before, equal, made by somebody else: not removed on purge
};

struct ManifestPackage {
    std::string folder;
    std::string inf_name, published_name;
    std::string driver_version, driver_date;
    std::string host_directory; ///< where it came from
    std::vector<ManifestFile> files;
};

/// Attributes the guest's own file or directory had before we made it read-only.
struct ManifestAttributes {
    std::string path; ///< below the volume root
    std::uint32_t before = 0;
};

struct ManifestLink {
    std::string path; ///< below the volume root: "Windows\System32\nvapi64.dll"
    /// Link text; for copies the package file it was copied from (below the volume root), for extras the host's path.
    std::string target;
    bool directory = false; ///< a junction: `target` is absolute ("C:\\Windows\\…")
    bool copy = false;
    std::uint64_t size = 0, modified = 0; ///< copies
    std::string hash;                     ///< copies
    std::string backup;                   ///< the guest's own file was renamed to this bare name; empty: there was none
    std::vector<std::string> cards;       ///< instance paths of the cards that need it
    bool extra = false;                   ///< a copy that was asked for besides what the card needs
};

struct ManifestValue {
    std::string hive = "SYSTEM";
    std::string key; ///< below the hive's root: "ControlSet001\Services\nvlddmkm"
    std::string name;
    std::optional<guest::HiveValue> before; ///< nullopt: the value did not exist
    guest::HiveValue after;
    std::vector<std::string> cards;
};

/// A text of ours outside the store: Linux' loader configuration.
struct ManifestConfig {
    std::string path; ///< below the volume root
    std::string content;
    bool operator==(const ManifestConfig&) const = default;
};

struct ManifestCard {
    std::string instance_path, hardware_id, name, vendor;
    std::string driver_version, driver_date;
    std::vector<std::string> packages; ///< folders, primary first
    std::string imported_at;           ///< ISO 8601 UTC
    ImportScope scope;                 ///< what was asked for besides
};

/// What the program has put into one guest. Several cards may share packages, links and values.
struct Manifest {
    std::string program;                                ///< "exhyperv 0.1.0"
    guest::VolumeKind volume = guest::VolumeKind::ntfs; ///< which kind of guest: its paths are checked by that
    std::vector<ManifestCard> cards;
    std::vector<ManifestPackage> packages;
    std::vector<ManifestLink> links;
    std::vector<ManifestValue> values;
    std::vector<ManifestConfig> configs;
    std::vector<ManifestAttributes> attributes;
    std::vector<std::string> created_directories; ///< below the volume root, parents first
    std::vector<std::string> created_keys;        ///< of the SYSTEM hive, parents first

    [[nodiscard]] bool empty() const { return cards.empty(); }
    [[nodiscard]] const ManifestCard* card(std::string_view instance_path) const;
    [[nodiscard]] const ManifestPackage* package(std::string_view folder) const;
    /// Cards other than `instance_path` that use the package.
    [[nodiscard]] bool used_by_another(std::string_view folder, std::string_view instance_path) const;
};

[[nodiscard]] std::string to_json_text(const Manifest& manifest);
/// Strict and bounded (32 MiB, 200,000 files): the guest may have changed it. Every path is checked here: package files
/// and directories stay inside HostDriverStore, links inside Windows, extras where users' files may go, values inside
/// service and display class keys of control sets; in a Linux guest everything stays inside usr/lib/wsl, but for the
/// loader's configuration. Errors: drivers.manifest_invalid {where, reason}.
[[nodiscard]] Result<Manifest> manifest_from_json(std::string_view text);

/// nullopt when the guest has none. Errors: drivers.manifest_invalid, and the volume's.
[[nodiscard]] Result<std::optional<Manifest>> read_manifest(guest::GuestVolume& volume);
/// Does the guest have this text, and nothing else, at that place?
[[nodiscard]] Result<bool> holds(guest::GuestVolume& volume, const ManifestConfig& config);
[[nodiscard]] Result<> write_config(guest::GuestVolume& volume, const ManifestConfig& config);
/// Writes it anew, read-only, inside the volume's transaction.
[[nodiscard]] Result<> write_manifest_file(guest::GuestVolume& volume, const Manifest& manifest);
/// The host's copy, at a path the caller chooses; nullopt when there is none.
[[nodiscard]] Result<std::optional<Manifest>> read_manifest_copy(const std::string& path);
/// Atomically; removes the copy when the manifest is empty. To be called after the guest's commit.
[[nodiscard]] Result<> write_manifest_copy(const std::string& path, const Manifest& manifest);

} // namespace exhyperv::drivers

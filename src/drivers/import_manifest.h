#pragma once

#include "drivers/import.h"
#include "support/strings.h"

#include <map>
#include <set>
#include <string>

namespace exhyperv::drivers {

/// What became of the plan's files, for the manifest.
struct ImportOutcome {
    std::map<std::size_t, ManifestFile> written; ///< index into plan.files → what was written
    std::set<std::size_t> failed;                ///< could not be read; what the guest had is still there
    std::map<std::size_t, ManifestLink> links;   ///< index into plan.links → as made or kept
    std::set<std::string, ILess> removed_directories;
};

/// The manifest after the import: the one before, with this card's part replaced and everything of other cards kept.
[[nodiscard]] Manifest manifest_after(const ImportPlan& plan, const ImportOutcome& outcome);

/// An image that was prepared without a host (offline/store_copy.h) lists the card by its hardware id: it is this card
/// from now on. True when there was such an entry.
[[nodiscard]] bool adopt_image_card(Manifest& manifest, const ResolvedDrivers& drivers);

/// Takes a card's share out: entries that only it used go away, shared ones lose its name. Packages of the card that no
/// other card uses are removed from the list. Created directories, keys and attributes stay for the caller to judge.
void drop_card(Manifest& manifest, std::string_view instance_path);

} // namespace exhyperv::drivers

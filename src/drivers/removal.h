#pragma once

#include "drivers/manifest.h"
#include "guest/volume.h"
#include "support/error.h"
#include "support/progress.h"

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::drivers {

/// Takes things of ours out of a guest's volume; what somebody else has changed since stays, with a warning.
class Remover {
  public:
    explicit Remover(guest::GuestVolume& volume) : volume_(volume) {}

    /// A file of a package; a file of the guest that it replaced comes back. `found` files stay.
    [[nodiscard]] Result<> file(const std::string& folder, const ManifestFile& file);
    [[nodiscard]] Result<> package(const ManifestPackage& package, const ProgressSink& progress, std::uint64_t& done,
                                   std::uint64_t total);
    /// Only when it is still a link into the store (guest_layout.h), or a copy with the recorded size and time whose
    /// name is known: from the vendor tables, or from `trusted` (the host's own copy of the manifest). Extras count as
    /// known when the user has seen their names (`extras_confirmed`).
    [[nodiscard]] Result<> link(const ManifestLink& link, const Manifest* trusted, bool extras_confirmed = false);
    /// Removes those that are empty, deepest first; returns the ones that stay.
    [[nodiscard]] Result<std::vector<std::string>> directories(const std::vector<std::string>& created);

    std::size_t files_removed = 0, links_removed = 0, files_restored = 0;
    std::uint64_t bytes_freed = 0;
    std::vector<Message> warnings;

  private:
    [[nodiscard]] Result<> restore_backup(const std::string& path, const std::string& backup);
    guest::GuestVolume& volume_;
};

} // namespace exhyperv::drivers

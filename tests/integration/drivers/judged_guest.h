#pragma once

#include "../../unit/sim/material/scratch.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace exhyperv::drivers::test {

/// What independent programs see in a guest image: qemu-img converts it, partx finds the Windows partition, ntfs-3g's
/// tools and hivex's tools read it. None of our own code takes part.
class JudgedGuest {
  public:
    struct Place {
        std::uint64_t offset = 0, size = 0; ///< bytes
    };
    /// `place`: where the partition was found in an image of the same layout; saves looking.
    JudgedGuest(const sim::Scratch& scratch, const std::string& image, std::optional<Place> place = {});
    ~JudgedGuest();
    [[nodiscard]] const Place& place() const { return place_; }

    /// "path size" of every file and "path/" of every directory, the volume's own metadata left out.
    [[nodiscard]] std::map<std::string, std::string> tree() const;
    /// SYSTEM as hivexregedit exports it.
    [[nodiscard]] std::string system_hive() const;
    [[nodiscard]] std::string file(const std::string& path) const; ///< content, by ntfscat
    [[nodiscard]] std::string info(const std::string& path) const; ///< ntfsinfo's words on one file
    [[nodiscard]] std::string check() const;                       ///< ntfsfix -n: "" when it finds nothing to say
    /// Every cluster accounted for (ntfsresize -i) and every security descriptor sound (ntfssecaudit -a): "" when so.
    [[nodiscard]] std::string audit() const;
    [[nodiscard]] std::string system_hive_by_regf() const; ///< SYSTEM as libregf's regfexport reads it
    /// A directory with what 7-Zip and the Sleuth Kit get out of the volume; gone with this object.
    [[nodiscard]] std::string extract_by_7zip(const std::string& below) const;
    [[nodiscard]] std::string extract_by_sleuthkit() const;

  private:
    [[nodiscard]] Place find(const std::string& image) const;
    std::string directory_, volume_;
    Place place_;
};

} // namespace exhyperv::drivers::test

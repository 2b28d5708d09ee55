#pragma once

#include "../../unit/sim/material/scratch.h"

#include <map>
#include <string>

namespace exhyperv::drivers::test {

/// What independent programs see in a guest image: qemu-img converts it, partx finds the Windows partition, ntfs-3g's
/// tools and hivex's tools read it. None of our own code takes part.
class JudgedGuest {
  public:
    JudgedGuest(const sim::Scratch& scratch, const std::string& image);
    ~JudgedGuest();

    /// "path size" of every file and "path/" of every directory, the volume's own metadata left out.
    [[nodiscard]] std::map<std::string, std::string> tree() const;
    /// SYSTEM as hivexregedit exports it.
    [[nodiscard]] std::string system_hive() const;
    [[nodiscard]] std::string file(const std::string& path) const; ///< content, by ntfscat
    [[nodiscard]] std::string info(const std::string& path) const; ///< ntfsinfo's words on one file
    [[nodiscard]] std::string check() const;                       ///< ntfsfix -n: "" when it finds nothing to say

  private:
    std::string directory_, volume_;
};

} // namespace exhyperv::drivers::test

#pragma once

#include "../../unit/sim/material/scratch.h"

#include <map>
#include <optional>
#include <string>

namespace exhyperv::drivers::test {

/// What independent programs see in the image of a Linux guest: qemu-img converts it, partx finds the root, e2fsck
/// checks it, debugfs takes everything out. None of our own code takes part.
class JudgedLinux {
  public:
    struct Place {
        std::uint64_t offset = 0, size = 0; ///< bytes
    };
    /// `place`: where the partition was found in an image of the same layout; saves looking.
    JudgedLinux(const sim::Scratch& scratch, const std::string& image, std::optional<Place> place = {});
    ~JudgedLinux();
    [[nodiscard]] const Place& place() const { return place_; }

    /// Path → "directory mode", "link text" or "file mode size time content" of everything on the root.
    [[nodiscard]] std::map<std::string, std::string> tree() const;
    [[nodiscard]] std::string check() const; ///< e2fsck -fn: "" when it finds nothing to say
    [[nodiscard]] std::string debugfs(const std::string& request) const;
    /// Where tree() has put a path of the guest.
    [[nodiscard]] std::string taken_out(const std::string& path) const { return directory_ + "/root" + path; }

  private:
    [[nodiscard]] Place find(const std::string& image) const;
    std::string directory_, volume_;
    Place place_;
};

} // namespace exhyperv::drivers::test

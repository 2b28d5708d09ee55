#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::standins {

/// A partition of an image whose files lie in a directory of the prefix while the image is "attached".
struct AttachedVolume {
    std::string directory; ///< beside the image
    std::uint64_t offset = 0, size = 0;
};

/// Puts the files of each NTFS volume into a directory. One that is there already is what a killed process left on its
/// disk: it stays as it is.
Result<std::vector<AttachedVolume>> bring_out(const std::string& image);

/// Makes the volumes in the image what the directories are, and removes those. Links are not known to Wine's files: the
/// image keeps its own.
Result<> bring_back(const std::string& image, const std::vector<AttachedVolume>& volumes);

/// Removes the directories: what was changed in them is lost.
Result<> forget(const std::vector<AttachedVolume>& volumes);

} // namespace exhyperv::standins

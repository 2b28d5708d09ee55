#pragma once

#include "support/result.h"
#include "transport/sim/material/guest_image.h"

#include <cstddef>
#include <string>
#include <vector>

namespace exhyperv::sim {

struct HiveFile {
    std::string name;                           ///< "SYSTEM"
    std::vector<std::byte> content, log1, log2; ///< the logs are usually empty files
};

/// SYSTEM and SOFTWARE as a reader of the installation expects them, and empty DEFAULT, SAM and SECURITY. With
/// GuestCondition::dirty_hive SYSTEM says that its last change is still in its log, which is empty; with
/// GuestCondition::logged_hive the logs hold it.
[[nodiscard]] Result<std::vector<HiveFile>> windows_hives(const GuestSpec& spec);

} // namespace exhyperv::sim

#pragma once

#include "drivers/package.h"
#include "guest/hive.h"

#include <string>
#include <vector>

namespace exhyperv::drivers {

/// Values that a key of the guest's SYSTEM hive is to hold.
struct WantedKey {
    std::string key;
    std::vector<guest::HiveValue> values;
};

/// Intel's user-mode parts look for their paths in the display class key of the host's number, and the compute runtime
/// also in the Hyper-V Video adapter's. A key that belongs to another driver is left alone, with a warning; a missing
/// Hyper-V Video key is worth one only in the active control set.
[[nodiscard]] Result<std::vector<WantedKey>> intel_runtime_keys(const RegistrySource& runtime,
                                                                const guest::Hive& system,
                                                                const std::string& control_set, bool active,
                                                                std::vector<Message>& warnings);

} // namespace exhyperv::drivers

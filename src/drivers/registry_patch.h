#pragma once

#include "drivers/manifest.h"
#include "drivers/package.h"
#include "guest/hive.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

/// Registry values for one guest, worked out against its SYSTEM hive.
struct RegistryPlan {
    std::vector<ManifestValue> values;     ///< all values the card wants, `before` as the manifest is to keep it
    std::vector<std::string> created_keys; ///< keys that do not exist yet, parents first
    std::vector<guest::HiveEdit> edits;    ///< what has to change; empty: the hive has it all
    std::vector<Message> warnings;
    [[nodiscard]] std::size_t values_to_write() const;  ///< of `values`, without those the hive has already
    [[nodiscard]] std::size_t values_to_change() const; ///< written or deleted; made and deleted keys do not count
};

/// Every path component DriverStore becomes HostDriverStore (case kept otherwise; HostDriverStore itself is left
/// alone).
[[nodiscard]] std::string to_host_driver_store(std::string_view text);
/// The same for the text inside a REG_SZ, REG_EXPAND_SZ or REG_MULTI_SZ; other types come back unchanged.
[[nodiscard]] guest::HiveValue to_host_driver_store(const guest::HiveValue& value);

/// NVIDIA: the service's values in every control set of `windows`. Intel: the runtime values in the class key of the
/// same number, unless that key belongs to another driver (then a warning). Others: nothing. `known` is the manifest
/// the guest has: a value that it lists keeps the `before` recorded there.
[[nodiscard]] Result<RegistryPlan> plan_registry(const ResolvedDrivers& drivers, const guest::Hive& system,
                                                 const guest::WindowsInstall& windows, const Manifest& known);

struct RegistryRestore {
    std::vector<guest::HiveEdit> edits;
    std::vector<Message> warnings; ///< values that somebody changed since: left as they are
};
/// Takes back `values` and those of `created_keys` that are then empty. Values that no longer hold what was written
/// stay.
[[nodiscard]] Result<RegistryRestore> plan_registry_restore(const std::vector<ManifestValue>& values,
                                                            const std::vector<std::string>& created_keys,
                                                            const guest::Hive& system);

} // namespace exhyperv::drivers

#pragma once

#include "drivers/package.h"
#include "host/registry.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

/// A list that a display driver's INF puts below its class key: files that Windows brings into a VM or container.
struct CopyToVmList {
    std::string_view subkey;
    std::string_view directory; ///< below the guest's volume root
    PromotionMode mode;
    bool wow64;
};
[[nodiscard]] std::span<const CopyToVmList> copy_to_vm_lists();

/// Reads one list (the registry key's values) into promotions of the primary package. Values that name a path outside
/// the package, a target with separators, or a file the package does not hold become warnings.
void add_copy_to_vm(const CopyToVmList& list, const host::RegistryKey& key, ResolvedDrivers& drivers);

} // namespace exhyperv::drivers

#pragma once

#include "drivers/package.h"
#include "host/registry.h"

#include <span>
#include <string>
#include <string_view>

namespace exhyperv::drivers {

/// The values of the host's kernel service that the guest needs: Type, Start, ErrorControl, Group, ImagePath, and every
/// other value with a driver-store path. ImagePath leads to the primary package's own <service>.sys; when the host's
/// does not, it is made from the package. No subkeys: they are state of the host. A missing key or file becomes a
/// warning.
void add_service_values(const std::string& service, const host::RegistryKey& key, ResolvedDrivers& drivers);

/// Names of the class key's values that Intel's user-mode parts look for.
[[nodiscard]] std::span<const std::string_view> intel_runtime_names();
void add_intel_runtime_values(const std::string& driver_key, const host::RegistryKey& key, ResolvedDrivers& drivers);

} // namespace exhyperv::drivers

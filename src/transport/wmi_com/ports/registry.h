#pragma once

#include "host/registry.h"

#include <memory>

namespace exhyperv::wmi_com {

/// HKEY_LOCAL_MACHINE of this machine, the 64-bit view. Bounded: `registry.too_large` (`key`) for a key with more than
/// 65,536 values or subkeys, or a value above 16 MiB. Other failures: `registry.io` (`key`, native code).
[[nodiscard]] std::unique_ptr<host::HostRegistry> make_registry();

} // namespace exhyperv::wmi_com

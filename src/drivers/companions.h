#pragma once

#include "drivers/package_loader.h"
#include "drivers/vendor_table.h"
#include "host/files.h"

namespace exhyperv::drivers {

/// Adds the packages that the primary INF's CopyINF directives name and the vendor table lets in. A companion is the
/// one directory "<inf>_…" beside the primary that holds exactly one INF with the same DriverVer; none or several is a
/// warning.
[[nodiscard]] Result<> add_companions(const Inf& primary, const VendorEntry& vendor, host::HostFiles& files,
                                      ResolvedDrivers& drivers, const CallContext& context);

} // namespace exhyperv::drivers

#pragma once

#include "drivers/inf.h"
#include "drivers/package.h"
#include "host/files.h"
#include "support/deadline.h"

#include <string>

namespace exhyperv::drivers {

inline constexpr std::size_t kMaxPackageFiles = 100'000;

struct LoadedPackage {
    DriverPackage package;
    Inf inf;
};

/// Lists a driver-store directory and reads its INF: the one the folder is named after ("x.inf_amd64_…" → x.inf), else
/// the only one there is. The last directory above must be named FileRepository. Errors: drivers.package_missing
/// {directory}, drivers.package_unsafe {path}, drivers.inf_*, and the port's.
[[nodiscard]] Result<LoadedPackage> load_package(host::HostFiles& files, const std::string& directory,
                                                 const CallContext& context);

} // namespace exhyperv::drivers

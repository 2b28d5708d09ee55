#pragma once

#include "drivers/package.h"
#include "guest/volume.h"

#include <string>

namespace exhyperv::drivers {

/// Where a Windows host keeps the libraries that Linux guests need besides the card's package.
inline constexpr std::string_view kHostLibraries = "C:\\Windows\\System32\\lxss\\lib";

/// What of a card's driver is for a guest of this kind. Windows: all of it. Linux: the packages, the names below
/// System32\lxss\lib as names in /usr/lib/wsl/lib, and the host's own libraries (libdxcore.so, libd3d12.so, …) as a
/// package named kLibraryFolder; no registry values. Libraries that the host lacks become a warning. Errors: host.*,
/// call.*.
[[nodiscard]] Result<ResolvedDrivers> fit_to_guest(ResolvedDrivers drivers, guest::VolumeKind kind,
                                                   host::HostFiles& files, const CallContext& context);

/// What the file kLoaderConfig of a Linux guest says.
[[nodiscard]] std::string loader_config();

} // namespace exhyperv::drivers

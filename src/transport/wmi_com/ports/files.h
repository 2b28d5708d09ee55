#pragma once

#include "host/files.h"

#include <memory>

namespace exhyperv::wmi_com {

/// Files of this machine, at any path length. Links and junctions are listed and not followed. driver_store_location()
/// asks setupapi.dll (SetupGetInfDriverStoreLocation, loaded when first needed); where that does not answer, the
/// package is the one whose INF has the same bytes as the published one.
[[nodiscard]] std::unique_ptr<host::HostFiles> make_files();

} // namespace exhyperv::wmi_com

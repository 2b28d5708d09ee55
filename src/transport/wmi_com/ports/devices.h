#pragma once

#include "host/devices.h"

#include <memory>

namespace exhyperv::wmi_com {

/// Device nodes and disks of this machine (ConfigDevices over cfgmgr32 and disk control codes). Listing needs no
/// administrator; disabling, enabling and disk states do (device.access_denied).
[[nodiscard]] std::unique_ptr<host::HostDevices> make_devices();

} // namespace exhyperv::wmi_com

#pragma once

#include "transport/wmi_com/ports/disk_access.h"

#include <memory>

namespace exhyperv::wmi_com {

[[nodiscard]] std::unique_ptr<DiskAccess> make_disk_access();

} // namespace exhyperv::wmi_com

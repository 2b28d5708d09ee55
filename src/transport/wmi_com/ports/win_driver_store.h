#pragma once

#include "host/files.h"

namespace exhyperv::wmi_com {

/// Published INF name ("oem12.inf", "basicdisplay.inf") → directory of its package. `host.inf_not_found` (`inf`).
[[nodiscard]] Result<std::string> find_driver_package(host::HostFiles& files, const std::string& inf_name,
                                                      const CallContext& context);

} // namespace exhyperv::wmi_com

#pragma once

#include "transport/wmi_com/ports/config_manager.h"

#include <memory>

namespace exhyperv::wmi_com {

[[nodiscard]] std::unique_ptr<ConfigManager> make_config_manager();

} // namespace exhyperv::wmi_com

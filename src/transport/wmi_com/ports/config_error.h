#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>

namespace exhyperv::wmi_com {

/// A CONFIGRET as an Error: device.not_found, device.not_disableable, device.access_denied, device.removal_vetoed,
/// device.configuration_failed; each with the argument `device` and the native number. `call` is for the log.
[[nodiscard]] tl::unexpected<Error> fail_config(std::uint32_t code, const std::string& device, const char* call);

} // namespace exhyperv::wmi_com

#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace exhyperv::platform {

/// GetLastError() as an Error: the one place that maps system codes. `call` names the function, for the log.
[[nodiscard]] tl::unexpected<Error> fail_win32(std::uint32_t code, const std::string& path, std::string_view call);

} // namespace exhyperv::platform

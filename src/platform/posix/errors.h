#pragma once

#include "support/result.h"

#include <string>
#include <string_view>

namespace exhyperv::platform {

/// errno as an Error: the one place that maps system codes. `call` names the system call, for the log.
[[nodiscard]] tl::unexpected<Error> fail_errno(int code, const std::string& path, std::string_view call);

} // namespace exhyperv::platform

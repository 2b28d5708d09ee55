#pragma once

#include "support/result.h"

#include <string>

namespace exhyperv::platform {

/// A line from standard input, without its end; a terminal does not show what is typed meanwhile. At most 4 KiB.
/// `platform.no_input` when there is none (closed, or ended before a line).
[[nodiscard]] Result<std::string> read_hidden_line();

} // namespace exhyperv::platform

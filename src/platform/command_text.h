#pragma once

#include <string>
#include <vector>

namespace exhyperv::platform {

/// Words as one command line that Windows programs take apart into the same words again (CommandLineToArgvW's rules:
/// quotes around blanks, backslashes doubled before a quote).
[[nodiscard]] std::string command_text(const std::vector<std::string>& words);

} // namespace exhyperv::platform

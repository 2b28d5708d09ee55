#pragma once

#include <string>
#include <vector>

namespace exhyperv::platform {

/// The words of the command line as UTF-8, the program's name first ("exhyperv" when the system gave none). `argc` and
/// `argv` are main()'s; Windows has them in another encoding there, and asks the system instead.
[[nodiscard]] std::vector<std::string> command_line(int argc, char** argv);

} // namespace exhyperv::platform

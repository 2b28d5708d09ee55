#pragma once

#include <string>
#include <vector>

namespace exhyperv::cli {

/// The whole program: parses, runs one command, prints, and returns the exit code. `words` without the program's name;
/// `program` is that name, as typed.
[[nodiscard]] int run(const std::string& program, const std::vector<std::string>& words);

} // namespace exhyperv::cli

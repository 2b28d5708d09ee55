#pragma once

#include <string>

namespace exhyperv::platform {

/// The path for a Windows call: UTF-16, and with the prefix \\?\ where it is too long for the plain form (260
/// characters, unless the machine's policy allows more), so that it works either way.
[[nodiscard]] std::wstring native_path(const std::string& utf8);

} // namespace exhyperv::platform

#pragma once

#include <string>
#include <string_view>

namespace exhyperv::wmi_com {

/// The form of an absolute path that Windows takes at any length: "C:\a" → "\\?\C:\a", "\\server\share\a" →
/// "\\?\UNC\server\share\a"; '/' becomes '\', separators at the end go (a drive keeps its own). Other paths are
/// returned with their separators changed only.
[[nodiscard]] std::string long_path(std::string_view path);
/// The directory part of "C:\x\y.inf": "C:\x". Empty when there is none.
[[nodiscard]] std::string parent_of(std::string_view path);

} // namespace exhyperv::wmi_com

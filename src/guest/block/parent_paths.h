#pragma once

#include <optional>
#include <string>

namespace exhyperv::guest {

// Differencing images name their parents with Windows paths; on other systems the relative one is what counts.

/// ".\base.vhdx", "..\base\win11.vhdx"; empty when the two have no common root. Both paths are absolute paths of this
/// system.
[[nodiscard]] std::string relative_windows_path(const std::string& child_path, const std::string& parent_path);
/// The absolute path as it is noted in an image: with '\' between parts, and without a \\?\ prefix where there is no
/// drive.
[[nodiscard]] std::string absolute_windows_path(const std::string& path);
/// A path of this system for a noted relative path, starting in the directory of the child.
[[nodiscard]] std::string from_relative_windows_path(const std::string& noted, const std::string& child_path);
/// The same for a noted absolute path; nullopt when it cannot exist on this system.
[[nodiscard]] std::optional<std::string> from_absolute_windows_path(const std::string& noted);

} // namespace exhyperv::guest

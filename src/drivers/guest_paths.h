#pragma once

#include <string>
#include <string_view>

namespace exhyperv::drivers {

// Paths of guests and packages: UTF-8, relative, '\' between components. Nothing that comes from an INF, a registry
// value, the vendor table or a manifest is used as a path before it passed here.

inline constexpr std::string_view kHostDriverStore = "Windows\\System32\\HostDriverStore";
inline constexpr std::string_view kFileRepository = "Windows\\System32\\HostDriverStore\\FileRepository";
/// Where a guest keeps its own packages; the names programs know from the host are looked for there.
inline constexpr std::string_view kOwnRepository = "Windows\\System32\\DriverStore\\FileRepository";
inline constexpr std::string_view kBackupSuffix = ".exhyperv-backup";

/// A name Windows would keep as it is: no separators, no '.', "..", drive or stream colon, wildcard, control character,
/// trailing dot or blank; at most 255 bytes.
[[nodiscard]] bool is_safe_name(std::string_view name);
/// One to 64 safe names, at most 1,024 bytes.
[[nodiscard]] bool is_safe_path(std::string_view path);

[[nodiscard]] std::string backslashes(std::string_view path); ///< '/' becomes '\'
[[nodiscard]] std::string join_path(std::string_view directory, std::string_view name);
[[nodiscard]] std::string_view parent_path(std::string_view path); ///< "" for a single component
[[nodiscard]] std::string_view leaf_name(std::string_view path);
/// Strictly below the directory; ASCII case-insensitive.
[[nodiscard]] bool is_inside(std::string_view path, std::string_view directory);

/// Where a package lies in a Windows guest.
[[nodiscard]] std::string package_root(std::string_view folder);
/// The text of a relative symbolic link at `link` that leads to `target` (both below the volume root).
[[nodiscard]] std::string relative_link(std::string_view link, std::string_view target);
/// A link's text as we write it: '\\' between components, without the object manager's prefix.
[[nodiscard]] std::string plain_target(std::string_view target);
/// Does a link text, as a link at `link` holds it, lead below the directory? Absolute and drive paths count too.
[[nodiscard]] bool leads_below(std::string_view directory, std::string_view link, std::string_view target);
/// Below HostDriverStore.
[[nodiscard]] bool leads_into_host_driver_store(std::string_view link, std::string_view target);

} // namespace exhyperv::drivers

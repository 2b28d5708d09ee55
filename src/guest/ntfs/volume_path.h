#pragma once

#include "support/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::guest {

/// Components of a path relative to the volume's root; empty for the root itself. '\' and '/' separate, doubled and
/// outer ones do not matter. `guest.bad_name` for "." and "..", malformed UTF-8, components over 255 UTF-16 units, more
/// than 256 components, and NUL.
[[nodiscard]] Result<std::vector<std::string>> split_volume_path(std::string_view path);

/// May Windows open a file of that name? No control characters, none of <>:"|?*, no dot or space at the end, no device
/// name (CON, NUL, COM1, …). For names that are created; existing ones may be worse.
[[nodiscard]] Result<> check_new_name(std::string_view name);

/// For caches keyed by path: joined with '\', ASCII lower case.
[[nodiscard]] std::string path_key(const std::vector<std::string>& components);

/// UTF-16 as the shim takes it.
[[nodiscard]] std::vector<std::uint16_t> shim_name(std::string_view name);

} // namespace exhyperv::guest

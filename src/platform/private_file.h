#pragma once

#include "support/result.h"

#include <string>
#include <string_view>

namespace exhyperv::platform {

/// As write_file_atomically, for secrets: at no moment can anybody but the owner read the content (mode 0600 on POSIX;
/// on Windows the data directory's own access list, which is the user's, protects it). Errors as in platform/file.h.
[[nodiscard]] Result<> write_private_file(const std::string& path, std::string_view content);

} // namespace exhyperv::platform

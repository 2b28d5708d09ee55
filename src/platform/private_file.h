#pragma once

#include "support/result.h"

#include <string>
#include <string_view>

namespace exhyperv::platform {

/// As write_file_atomically, for secrets: at no moment can anybody but the owner read the content (mode 0600 on POSIX;
/// on Windows an access list of its own, wherever the file is: this account, the one that asked for this process's
/// rights, SYSTEM and administrators). Errors as in platform/file.h.
[[nodiscard]] Result<> write_private_file(const std::string& path, std::string_view content);

} // namespace exhyperv::platform

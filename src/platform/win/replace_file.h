#pragma once

#include "support/result.h"

#include <string>

namespace exhyperv::platform {

/// Gives the file the name `to`, in place of what has that name. A program that reads the old content keeps it where
/// the file system can do that (NTFS since Windows 10 1607); elsewhere this waits a moment for such programs, then says
/// `file.access_denied` or `file.busy`.
[[nodiscard]] Result<> replace_file(const std::string& from, const std::string& to);

} // namespace exhyperv::platform

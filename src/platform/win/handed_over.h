#pragma once

#include <string>

namespace exhyperv::platform {

/// data_directory() is this one from now on: that of the process which asked for this one's rights. To be called before
/// there are threads.
void use_data_directory(const std::string& path);

} // namespace exhyperv::platform

#include "platform/private_file.h"

#include "platform/file.h"

namespace exhyperv::platform {

Result<> write_private_file(const std::string& path, std::string_view content) {
    return write_file_atomically(path, content); // %LocalAppData% is the user's alone
}

} // namespace exhyperv::platform

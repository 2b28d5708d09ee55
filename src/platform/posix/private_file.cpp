#include "platform/private_file.h"

#include "platform/file.h"
#include "platform/posix/errors.h"
#include "support/scope_guard.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace exhyperv::platform {

Result<> write_private_file(const std::string& path, std::string_view content) {
    const std::string temporary = path + ".private-" + std::to_string(::getpid());
    (void)::unlink(temporary.c_str()); // left by a killed process that had the same number
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return fail_errno(errno, path, "open");
    ScopeGuard remove_it([&] { (void)::unlink(temporary.c_str()); });
    {
        const ScopeGuard close_it([&] { ::close(descriptor); });
        while (!content.empty()) {
            const ssize_t written = ::write(descriptor, content.data(), content.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return fail_errno(errno, path, "write");
            content.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(descriptor) != 0) return fail_errno(errno, path, "fsync");
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return fail_errno(errno, path, "rename");
    remove_it.dismiss();
    return flush_directory(directory_of(path));
}

} // namespace exhyperv::platform

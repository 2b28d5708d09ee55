#include "platform/posix/file_lock.h"

#include "platform/posix/errors.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace exhyperv::platform {

namespace {

constexpr off_t kUses = 100, kForbids = 200;
constexpr off_t kRead = 0, kWrite = 1, kResize = 3;

struct flock range(short type, off_t start, off_t length) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = start;
    lock.l_len = length; // 0: to the end of the file, however it grows
    return lock;
}

Result<> take(int descriptor, const std::string& path, short type, off_t start, off_t length) {
    auto lock = range(type, start, length);
    if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return {};
    return fail_errno(errno == EACCES ? EAGAIN : errno, path, "fcntl(F_OFD_SETLK)");
}

/// Fails when somebody else holds any lock on the byte.
Result<> expect_free(int descriptor, const std::string& path, off_t byte) {
    auto lock = range(F_WRLCK, byte, 1);
    if (fcntl(descriptor, F_OFD_GETLK, &lock) != 0) return fail_errno(errno, path, "fcntl(F_OFD_GETLK)");
    if (lock.l_type != F_UNLCK) return fail_errno(EAGAIN, path, "fcntl(F_OFD_GETLK)");
    return {};
}

} // namespace

Result<> lock_file_exclusive(int descriptor, const std::string& path) {
    return take(descriptor, path, F_WRLCK, 0, 0);
}

Result<> lock_file_shared(int descriptor, const std::string& path) {
    const auto attempt = [&]() -> Result<> {
        // First take, then test: of two that start at once at least one sees the other.
        for (off_t byte : {kUses + kRead, kForbids + kWrite, kForbids + kResize})
            TRY(take(descriptor, path, F_RDLCK, byte, 1));
        for (off_t byte : {kUses + kWrite, kUses + kResize, kForbids + kRead})
            TRY(expect_free(descriptor, path, byte));
        return {};
    };
    auto result = attempt();
    if (!result) (void)take(descriptor, path, F_UNLCK, 0, 0);
    return result;
}

} // namespace exhyperv::platform

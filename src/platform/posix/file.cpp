#include "platform/file.h"

#include "platform/posix/errors.h"
#include "platform/posix/file_lock.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace exhyperv::platform {

struct File::State {
    int descriptor = -1;
    std::string path;

    State(int fd, std::string name) : descriptor(fd), path(std::move(name)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (descriptor >= 0) ::close(descriptor);
    }
};

namespace {

constexpr std::size_t kLargestTransfer = 1u << 30; // Linux cuts a single call at 2 GiB - 4 KiB

bool fits(std::uint64_t offset, std::uint64_t length) {
    constexpr std::uint64_t limit = INT64_MAX;
    return offset <= limit && length <= limit - offset;
}

} // namespace

File::File(std::unique_ptr<State> state) : state_(std::move(state)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

Result<File> File::open(const std::string& path, OpenMode mode) {
    if (path.find('\0') != std::string::npos) return fail_errno(ENOENT, path, "open");
    int flags = O_CLOEXEC | O_NOCTTY;
    switch (mode) {
    case OpenMode::read:
        flags |= O_RDONLY | O_NONBLOCK;
        break; // a pipe of that name must not make us wait
    case OpenMode::read_write:
        flags |= O_RDWR | O_NONBLOCK;
        break;
    case OpenMode::create_new:
        flags |= O_RDWR | O_CREAT | O_EXCL;
        break;
    }
    int descriptor = -1;
    do
        descriptor = ::open(path.c_str(), flags, 0666);
    while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) return fail_errno(errno, path, "open");
    auto state = std::make_unique<State>(descriptor, path);

    struct stat info {};
    if (::fstat(descriptor, &info) != 0) return fail_errno(errno, path, "fstat");
    if (!S_ISREG(info.st_mode) && !S_ISBLK(info.st_mode)) return fail_errno(EISDIR, path, "open");
    return File(std::move(state));
}

Result<> File::read_at(std::uint64_t offset, std::span<std::byte> out) const {
    if (!fits(offset, out.size())) return fail_errno(EINVAL, state_->path, "pread");
    while (!out.empty()) {
        const auto got =
            ::pread(state_->descriptor, out.data(), std::min(out.size(), kLargestTransfer), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(errno, state_->path, "pread");
        if (got == 0) return fail("file.truncated", {{"path", state_->path}, {"offset", std::to_string(offset)}});
        out = out.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

Result<> File::write_at(std::uint64_t offset, std::span<const std::byte> data) {
    if (!fits(offset, data.size())) return fail_errno(EFBIG, state_->path, "pwrite");
    while (!data.empty()) {
        const auto put = ::pwrite(state_->descriptor, data.data(), std::min(data.size(), kLargestTransfer),
                                  static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return fail_errno(errno, state_->path, "pwrite");
        if (put == 0) return fail_errno(ENOSPC, state_->path, "pwrite");
        data = data.subspan(static_cast<std::size_t>(put));
        offset += static_cast<std::uint64_t>(put);
    }
    return {};
}

Result<std::uint64_t> File::size() const {
    const auto end = ::lseek(state_->descriptor, 0, SEEK_END); // not fstat: that says 0 for a block device
    if (end < 0) return fail_errno(errno, state_->path, "lseek");
    return static_cast<std::uint64_t>(end);
}

Result<> File::resize(std::uint64_t size) {
    if (!fits(size, 0)) return fail_errno(EFBIG, state_->path, "ftruncate");
    int status = 0;
    do
        status = ::ftruncate(state_->descriptor, static_cast<off_t>(size));
    while (status != 0 && errno == EINTR);
    if (status != 0) return fail_errno(errno, state_->path, "ftruncate");
    return {};
}

Result<> File::flush() {
    int status = 0;
    do
        status = ::fdatasync(state_->descriptor); // writes the size too when it is needed to find the data
    while (status != 0 && errno == EINTR);
    if (status != 0) return fail_errno(errno, state_->path, "fdatasync");
    return {};
}

void File::start_writeback(std::uint64_t offset, std::uint64_t length) {
#ifdef SYNC_FILE_RANGE_WRITE // Linux
    if (!fits(offset, length)) return;
    (void)::sync_file_range(state_->descriptor, static_cast<off_t>(offset), static_cast<off_t>(length),
                            SYNC_FILE_RANGE_WRITE);
#endif
}

Result<> File::release_written(std::uint64_t offset, std::uint64_t length) {
#ifdef SYNC_FILE_RANGE_WRITE
    if (!fits(offset, length)) return fail_errno(EINVAL, state_->path, "sync_file_range");
    const auto from = static_cast<off_t>(offset), count = static_cast<off_t>(length);
    // An error reported here is not reported to fdatasync again: it must not be dropped.
    const auto status =
        ::sync_file_range(state_->descriptor, from, count,
                          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    if (status != 0 && errno != ENOSYS && errno != ESPIPE && errno != EINTR)
        return fail_errno(errno, state_->path, "sync_file_range");
    (void)::posix_fadvise(state_->descriptor, from, count, POSIX_FADV_DONTNEED);
#else
    (void)offset, (void)length;
#endif
    return {};
}

Result<> File::lock_exclusive() {
    return lock_file_exclusive(state_->descriptor, state_->path);
}

Result<> File::lock_shared() {
    return lock_file_shared(state_->descriptor, state_->path);
}

Result<std::string> File::identity() const {
    // Not the device number: it can be another one after a restart.
#ifdef STATX_BTIME
    struct statx info {};
    if (::statx(state_->descriptor, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &info) == 0)
        return std::to_string(info.stx_ino) + ":" + std::to_string(info.stx_btime.tv_sec) + "." +
               std::to_string(info.stx_btime.tv_nsec);
#endif
    struct stat info_without_birth {};
    if (::fstat(state_->descriptor, &info_without_birth) != 0) return fail_errno(errno, state_->path, "fstat");
    return std::to_string(info_without_birth.st_ino);
}

const std::string& File::path() const {
    return state_->path;
}

std::intptr_t File::native_handle() const {
    return state_->descriptor;
}

} // namespace exhyperv::platform

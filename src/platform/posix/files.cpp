#include "platform/file.h"
#include "platform/posix/errors.h"
#include "support/scope_guard.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace exhyperv::platform {

namespace {

/// A name beside the target that no other process or thread uses at this moment.
std::string temporary_name(const std::string& path) {
    static std::atomic<unsigned> counter{0};
    return path + ".new-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1));
}

} // namespace

Result<std::string> read_text_file(const std::string& path, std::uint64_t limit) {
    TRY_ASSIGN(const auto file, File::open(path, OpenMode::read));
    TRY_ASSIGN(const auto size, file.size());
    if (size > limit)
        return fail("file.too_large",
                    {{"path", path}, {"size", std::to_string(size)}, {"limit", std::to_string(limit)}});
    std::string text(size, '\0');
    TRY(file.read_at(0, std::as_writable_bytes(std::span(text))));
    return text;
}

Result<> write_file_atomically(const std::string& path, std::string_view content) {
    const std::string temporary = temporary_name(path);
    (void)::unlink(temporary.c_str()); // left by a killed process that had the same number
    TRY_ASSIGN(auto file, File::open(temporary, OpenMode::create_new));
    ScopeGuard cleanup([&] { (void)::unlink(temporary.c_str()); });

    struct stat old {};
    if (::stat(path.c_str(), &old) == 0) (void)::fchmod(static_cast<int>(file.native_handle()), old.st_mode & 07777);
    TRY(file.write_at(0, std::as_bytes(std::span(content))));
    TRY(file.flush());
    if (::rename(temporary.c_str(), path.c_str()) != 0) return fail_errno(errno, path, "rename");
    cleanup.dismiss();
    return flush_directory(directory_of(path));
}

Result<> make_directories(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return fail_errno(error.value(), path, "mkdir");
    if (!std::filesystem::is_directory(path, error)) return fail_errno(EEXIST, path, "mkdir");
    return {};
}

Result<> remove_file(const std::string& path) {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return {};
    return fail_errno(errno, path, "unlink");
}

bool file_exists(const std::string& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
}

Result<> flush_directory(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return fail_errno(errno, path, "open");
    ScopeGuard close_it([&] { ::close(descriptor); });
    // Some network and FUSE file systems cannot sync a directory and say EINVAL; nothing more can be done there.
    if (::fsync(descriptor) != 0 && errno != EINVAL) return fail_errno(errno, path, "fsync");
    return {};
}

Result<std::uint64_t> free_space(const std::string& path) {
    TRY_ASSIGN(std::string place, absolute_path(path));
    while (!file_exists(place) && place != "/")
        place = directory_of(place);
    struct statvfs info {};
    if (::statvfs(place.c_str(), &info) != 0) return fail_errno(errno, place, "statvfs");
    return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

Result<std::string> absolute_path(const std::string& path) {
    std::error_code error;
    auto absolute = std::filesystem::absolute(path, error);
    if (error) return fail_errno(error.value(), path, "getcwd");
    auto text = absolute.lexically_normal().string();
    while (text.size() > 1 && text.back() == '/')
        text.pop_back();
    return text;
}

Result<std::string> real_path(const std::string& path) {
    std::error_code error;
    auto real = std::filesystem::canonical(path, error);
    if (error) return fail_errno(error.value(), path, "realpath");
    return real.string();
}

bool is_absolute(const std::string& path) {
    return !path.empty() && path.front() == '/';
}

} // namespace exhyperv::platform

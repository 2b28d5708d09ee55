#include "platform/file.h"

#include "platform/win/disk_device.h"
#include "platform/win/errors.h"
#include "platform/win/native_path.h"
#include "support/physical_disk.h"

#include <algorithm>
#include <windows.h>

namespace exhyperv::platform {

struct File::State {
    HANDLE handle = INVALID_HANDLE_VALUE;
    std::string path;
    bool write;
    bool disk; ///< a whole disk, no file

    State(HANDLE file, std::string name, bool writable)
        : handle(file), path(std::move(name)), write(writable), disk(physical_disk_number(path).has_value()) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { close(); }

    void close() {
        if (handle != INVALID_HANDLE_VALUE) CloseHandle(handle);
        handle = INVALID_HANDLE_VALUE;
    }
};

namespace {

constexpr std::size_t kLargestTransfer = 1u << 30;
/// What a file without a lock lets others do, as on POSIX: all. A journal is read while it is written to.
constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr int kLockAttempts = 4;
constexpr DWORD kLockPauseMs = 5;

HANDLE open_handle(const std::string& path, bool write, DWORD share, DWORD disposition) {
    return CreateFileW(native_path(path).c_str(), write ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ, share, nullptr,
                       disposition, FILE_ATTRIBUTE_NORMAL, nullptr);
}

Result<std::string> identity_of(HANDLE handle, const std::string& path) {
    BY_HANDLE_FILE_INFORMATION info{};
    if (!GetFileInformationByHandle(handle, &info))
        return fail_win32(GetLastError(), path, "GetFileInformationByHandle");
    const auto index = (static_cast<std::uint64_t>(info.nFileIndexHigh) << 32) | info.nFileIndexLow;
    return std::to_string(info.dwVolumeSerialNumber) + ":" + std::to_string(index);
}

OVERLAPPED at(std::uint64_t offset) {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    return place;
}

} // namespace

File::File(std::unique_ptr<State> state) : state_(std::move(state)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

Result<File> File::open(const std::string& path, OpenMode mode) {
    const bool write = mode != OpenMode::read;
    const HANDLE handle =
        open_handle(path, write, kShareAll, mode == OpenMode::create_new ? CREATE_NEW : OPEN_EXISTING);
    if (handle == INVALID_HANDLE_VALUE) {
        const DWORD code = GetLastError();
        const DWORD attributes = GetFileAttributesW(native_path(path).c_str());
        if (code == ERROR_ACCESS_DENIED && attributes != INVALID_FILE_ATTRIBUTES &&
            (attributes & FILE_ATTRIBUTE_DIRECTORY))
            return fail("file.not_regular", {{"path", path}, {"reason", "it is a directory"}});
        return fail_win32(code, path, "CreateFile");
    }
    auto state = std::make_unique<State>(handle, path, write);
    if (!state->disk && GetFileType(handle) != FILE_TYPE_DISK)
        return fail("file.not_regular", {{"path", path}, {"reason", "it is a device or a pipe"}});
    return File(std::move(state));
}

Result<> File::read_at(std::uint64_t offset, std::span<std::byte> out) const {
    if (state_->disk) return read_disk(state_->handle, state_->path, offset, out);
    while (!out.empty()) {
        auto place = at(offset);
        DWORD got = 0;
        const auto want = static_cast<DWORD>(std::min(out.size(), kLargestTransfer));
        if (!ReadFile(state_->handle, out.data(), want, &got, &place) && GetLastError() != ERROR_HANDLE_EOF)
            return fail_win32(GetLastError(), state_->path, "ReadFile");
        if (got == 0) return fail("file.truncated", {{"path", state_->path}, {"offset", std::to_string(offset)}});
        out = out.subspan(got);
        offset += got;
    }
    return {};
}

Result<> File::write_at(std::uint64_t offset, std::span<const std::byte> data) {
    while (!data.empty()) {
        auto place = at(offset);
        DWORD put = 0;
        const auto want = static_cast<DWORD>(std::min(data.size(), kLargestTransfer));
        if (!WriteFile(state_->handle, data.data(), want, &put, &place))
            return fail_win32(GetLastError(), state_->path, "WriteFile");
        if (put == 0) return fail_win32(ERROR_DISK_FULL, state_->path, "WriteFile");
        data = data.subspan(put);
        offset += put;
    }
    return {};
}

Result<std::uint64_t> File::size() const {
    if (state_->disk) return disk_size(state_->handle, state_->path);
    LARGE_INTEGER size{};
    if (!GetFileSizeEx(state_->handle, &size)) return fail_win32(GetLastError(), state_->path, "GetFileSizeEx");
    return static_cast<std::uint64_t>(size.QuadPart);
}

Result<> File::resize(std::uint64_t size) {
    if (size > INT64_MAX) return fail_win32(ERROR_FILE_TOO_LARGE, state_->path, "SetFileInformationByHandle");
    FILE_END_OF_FILE_INFO info{};
    info.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
    if (!SetFileInformationByHandle(state_->handle, FileEndOfFileInfo, &info, sizeof info))
        return fail_win32(GetLastError(), state_->path, "SetFileInformationByHandle");
    return {};
}

Result<> File::flush() {
    if (!FlushFileBuffers(state_->handle)) return fail_win32(GetLastError(), state_->path, "FlushFileBuffers");
    return {};
}

void File::start_writeback(std::uint64_t, std::uint64_t) {} // the lazy writer starts on its own

Result<> File::release_written(std::uint64_t, std::uint64_t) {
    return {};
}

namespace {

/// The share mode is the lock: Hyper-V opens images that way, and refuses one that is open like this. A handle's share
/// mode cannot be changed, so the file is opened anew; the old handle would itself be in the way. Somebody who at this
/// moment only looks whether the file is locked is gone a moment later.
Result<> share_with(HANDLE& handle, const std::string& path, bool write, DWORD share) {
    TRY_ASSIGN(const std::string before, identity_of(handle, path));
    DWORD code = 0;
    for (int attempt = 0; attempt < kLockAttempts; ++attempt) {
        if (attempt > 0) Sleep(kLockPauseMs);
        CloseHandle(handle);
        handle = open_handle(path, write, share, OPEN_EXISTING);
        if (handle != INVALID_HANDLE_VALUE) {
            TRY_ASSIGN(const std::string now, identity_of(handle, path));
            if (now != before) return fail_win32(ERROR_SHARING_VIOLATION, path, "CreateFile"); // replaced meanwhile
            return {};
        }
        code = GetLastError();
        handle = open_handle(path, write, kShareAll, OPEN_EXISTING); // the object stays usable
        if (handle == INVALID_HANDLE_VALUE || code != ERROR_SHARING_VIOLATION) break;
    }
    return fail_win32(code, path, "CreateFile");
}

} // namespace

// A disk has no lock of that kind: that it is offline is what keeps others away.
Result<> File::lock_exclusive() {
    if (state_->disk) return {};
    return share_with(state_->handle, state_->path, state_->write, 0);
}

Result<> File::lock_shared() {
    if (state_->disk) return {};
    return share_with(state_->handle, state_->path, state_->write, FILE_SHARE_READ);
}

Result<std::string> File::identity() const {
    if (state_->disk) return disk_identity(state_->handle, state_->path);
    return identity_of(state_->handle, state_->path);
}

const std::string& File::path() const {
    return state_->path;
}

std::intptr_t File::native_handle() const {
    return reinterpret_cast<std::intptr_t>(state_->handle);
}

} // namespace exhyperv::platform

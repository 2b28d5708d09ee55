#include "platform/file.h"
#include "platform/win/errors.h"
#include "platform/win/native_path.h"
#include "platform/win/replace_file.h"
#include "platform/win/wide.h"
#include "support/scope_guard.h"

#include <atomic>
#include <filesystem>
#include <optional>
#include <windows.h>

namespace exhyperv::platform {

namespace {

std::string temporary_name(const std::string& path) {
    static std::atomic<unsigned> counter{0};
    return path + ".new-" + std::to_string(GetCurrentProcessId()) + "-" + std::to_string(counter.fetch_add(1));
}

/// The system names what is there as \\?\C:\… or \\?\UNC\server\…; people, and other programs' paths, do not.
std::string without_prefix(std::string path) {
    if (path.starts_with(R"(\\?\UNC\)")) return R"(\\)" + path.substr(8);
    if (path.starts_with(R"(\\?\)") && path.size() > 6 && path[5] == ':') return path.substr(4);
    return path; // a volume without a letter has only the long form
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
    const auto wide = native_path(temporary);
    (void)DeleteFileW(wide.c_str());
    TRY_ASSIGN(auto opened, File::open(temporary, OpenMode::create_new));
    std::optional<File> file(std::move(opened));
    ScopeGuard cleanup([&] {
        file.reset();
        (void)DeleteFileW(wide.c_str());
    });
    TRY(file->write_at(0, std::as_bytes(std::span(content))));
    TRY(file->flush());
    file.reset(); // an open file cannot be renamed
    TRY(replace_file(temporary, path));
    cleanup.dismiss();
    return {};
}

Result<> make_directories(const std::string& path) {
    std::error_code error;
    const std::filesystem::path directory(native_path(path));
    std::filesystem::create_directories(directory, error);
    if (error) return fail_win32(static_cast<std::uint32_t>(error.value()), path, "CreateDirectory");
    if (!std::filesystem::is_directory(directory, error))
        return fail_win32(ERROR_ALREADY_EXISTS, path, "CreateDirectory");
    return {};
}

Result<> remove_file(const std::string& path) {
    if (DeleteFileW(native_path(path).c_str())) return {};
    const DWORD code = GetLastError();
    if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND) return {};
    return fail_win32(code, path, "DeleteFile");
}

bool file_exists(const std::string& path) {
    return GetFileAttributesW(native_path(path).c_str()) != INVALID_FILE_ATTRIBUTES;
}

Result<> flush_directory(const std::string&) {
    return {};
}

Result<std::uint64_t> free_space(const std::string& path) {
    TRY_ASSIGN(std::string place, absolute_path(path));
    for (std::string up = directory_of(place); !file_exists(place) && up != place; up = directory_of(place))
        place = up;
    const DWORD attributes = GetFileAttributesW(native_path(place).c_str());
    if (attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY))
        place = directory_of(place);                          // the call below takes directories only
    if (!place.empty() && place.back() == ':') place += '\\'; // "C:" would mean the current directory of that drive
    ULARGE_INTEGER free{};
    if (!GetDiskFreeSpaceExW(native_path(place).c_str(), &free, nullptr, nullptr))
        return fail_win32(GetLastError(), place, "GetDiskFreeSpaceEx");
    return free.QuadPart;
}

Result<std::string> absolute_path(const std::string& path) {
    const auto wide = to_wide(path);
    std::wstring buffer(MAX_PATH, L'\0');
    for (int attempt = 0; attempt < 3; ++attempt) {
        const DWORD length = GetFullPathNameW(wide.c_str(), static_cast<DWORD>(buffer.size()), buffer.data(), nullptr);
        if (length == 0) return fail_win32(GetLastError(), path, "GetFullPathName");
        const bool fitted = length < buffer.size();
        buffer.resize(length);
        if (fitted) return from_wide(buffer);
    }
    return fail_win32(ERROR_BAD_PATHNAME, path, "GetFullPathName");
}

Result<std::string> real_path(const std::string& path) {
    const HANDLE handle =
        CreateFileW(native_path(path).c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (handle == INVALID_HANDLE_VALUE) return fail_win32(GetLastError(), path, "CreateFile");
    ScopeGuard close_it([&] { CloseHandle(handle); });
    std::wstring buffer(32768, L'\0');
    const DWORD length =
        GetFinalPathNameByHandleW(handle, buffer.data(), static_cast<DWORD>(buffer.size()), FILE_NAME_NORMALIZED);
    if (length == 0 || length >= buffer.size()) return fail_win32(GetLastError(), path, "GetFinalPathNameByHandle");
    buffer.resize(length);
    return without_prefix(from_wide(buffer));
}

bool is_absolute(const std::string& path) {
    const auto separator = [](char c) { return c == '/' || c == '\\'; };
    if (path.size() >= 2 && separator(path[0]) && separator(path[1])) return true; // \\server\share, \\?\…
    return path.size() >= 3 && path[1] == ':' && separator(path[2]);
}

} // namespace exhyperv::platform

#include "guest/disk/win/windows_volume.h"

#include "guest/ntfs/reparse_data.h"
#include "guest/ntfs/volume_path.h"
#include "platform/win/wide.h"

#include <algorithm>
#include <array>
#include <winioctl.h>

namespace exhyperv::guest {
namespace {

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr DWORD kItself = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT; ///< not what it leads to
constexpr std::size_t kPiece = 1u << 20, kMostEntries = 1'000'000, kMostReparseData = 16u << 10;
constexpr std::uint32_t kEncryptedBit = 0x4000;

bool is_nothing(DWORD code) {
    return code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND || code == ERROR_INVALID_NAME ||
           code == ERROR_BAD_PATHNAME || code == ERROR_DIRECTORY;
}

/// A search takes these for patterns; no file can be called so.
bool may_exist(const std::string& name) {
    return name.find_first_of("*?<>\"|:") == std::string::npos;
}

std::uint64_t joined(DWORD high, DWORD low) {
    return static_cast<std::uint64_t>(high) << 32 | low;
}

} // namespace

Result<bool> WindowsVolume::is_plain_directory(const std::wstring& native, const std::string& path) {
    if (plain_directories_.contains(native)) return true;
    const DWORD attributes = GetFileAttributesW(native.c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        const DWORD code = GetLastError();
        if (is_nothing(code)) return false;
        return fail_in_guest(code, path, "GetFileAttributes");
    }
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) == 0 || (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
        return fail("guest.not_a_directory", {{"path", path}});
    plain_directories_.insert(native);
    return true;
}

Result<WindowsVolume::Found> WindowsVolume::find(const std::string& path) {
    TRY_ASSIGN(const auto components, split_volume_path(path));
    Found found{path, root_, components.empty(), true};
    for (std::size_t i = 0; i < components.size(); ++i) {
        if (!may_exist(components[i])) found.parent_there = false;
        found.native += platform::to_wide(components[i]);
        if (i + 1 == components.size()) break;
        if (found.parent_there) {
            TRY_ASSIGN(found.parent_there, is_plain_directory(found.native, path));
        }
        found.native += L'\\';
    }
    return found;
}

Result<WindowsVolume::Found> WindowsVolume::find_existing(const std::string& path) {
    TRY_ASSIGN(auto found, find(path));
    if (found.root) return fail("guest.bad_name", {{"path", path}, {"reason", "the root"}});
    if (!found.parent_there) return fail("guest.not_found", {{"path", path}});
    return found;
}

Result<WindowsVolume::Found> WindowsVolume::find_new(const std::string& path) {
    TRY_ASSIGN(const auto components, split_volume_path(path));
    if (components.empty()) return fail("guest.exists", {{"path", path}});
    TRY(check_new_name(components.back()));
    TRY_ASSIGN(auto found, find(path));
    if (!found.parent_there) return fail("guest.not_found", {{"path", path}});
    return found;
}

Result<Handle> WindowsVolume::open(const Found& found, DWORD access, DWORD share) {
    Handle handle(CreateFileW(found.native.c_str(), access, share, nullptr, OPEN_EXISTING, kItself, nullptr));
    if (!handle) return fail_in_guest(GetLastError(), found.path, "CreateFile");
    return handle;
}

Result<FileInfo> WindowsVolume::info_of(HANDLE handle, const std::string& path) {
    BY_HANDLE_FILE_INFORMATION told{};
    if (!GetFileInformationByHandle(handle, &told))
        return fail_in_guest(GetLastError(), path, "GetFileInformationByHandle");
    FileInfo info;
    info.directory = (told.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    info.attributes = told.dwFileAttributes & ~static_cast<DWORD>(FILE_ATTRIBUTE_NORMAL);
    info.size = info.directory ? 0 : joined(told.nFileSizeHigh, told.nFileSizeLow);
    info.modified = joined(told.ftLastWriteTime.dwHighDateTime, told.ftLastWriteTime.dwLowDateTime);
    if ((info.attributes & kReparsePoint) == 0) return info;
    std::vector<std::byte> data(kMostReparseData);
    DWORD got = 0;
    if (!DeviceIoControl(handle, FSCTL_GET_REPARSE_POINT, nullptr, 0, data.data(), static_cast<DWORD>(data.size()),
                         &got, nullptr))
        return fail_in_guest(GetLastError(), path, "FSCTL_GET_REPARSE_POINT");
    if (got < sizeof(std::uint32_t)) return fail_in_guest(ERROR_INVALID_DATA, path, "FSCTL_GET_REPARSE_POINT");
    for (int i = 0; i < 4; ++i)
        info.reparse_tag |= std::to_integer<std::uint32_t>(data[static_cast<std::size_t>(i)]) << (8 * i);
    info.link_target = link_target_of(std::span(data).first(got));
    return info;
}

Result<std::optional<FileInfo>> WindowsVolume::stat(const std::string& path) {
    auto found = find(path);
    if (!found) {
        if (found.error().code == "guest.not_a_directory") return std::nullopt; // as any missing parent
        return fail(std::move(found).error());
    }
    if (!found->parent_there) return std::nullopt;
    const Handle handle(
        CreateFileW(found->native.c_str(), FILE_READ_ATTRIBUTES, kShareAll, nullptr, OPEN_EXISTING, kItself, nullptr));
    if (!handle) {
        const DWORD code = GetLastError();
        if (is_nothing(code)) return std::nullopt;
        return fail_in_guest(code, path, "CreateFile");
    }
    TRY_ASSIGN(auto info, info_of(handle.get(), path));
    if (found->root) return info;
    WIN32_FIND_DATAW entry{}; // only a search tells the name in the volume's own spelling
    const HANDLE search = FindFirstFileW(found->native.c_str(), &entry);
    if (search == INVALID_HANDLE_VALUE) return fail_in_guest(GetLastError(), path, "FindFirstFile");
    FindClose(search);
    info.name = platform::from_wide(entry.cFileName);
    return info;
}

Result<std::vector<std::string>> WindowsVolume::names_in(const Found& found) {
    std::vector<std::string> names;
    WIN32_FIND_DATAW entry{};
    const HANDLE search =
        FindFirstFileW((found.native + (found.native.ends_with(L'\\') ? L"*" : L"\\*")).c_str(), &entry);
    if (search == INVALID_HANDLE_VALUE) {
        const DWORD code = GetLastError();
        if (code == ERROR_FILE_NOT_FOUND) return names; // an empty root has not even "."
        return fail_in_guest(code, found.path, "FindFirstFile");
    }
    DWORD code = ERROR_SUCCESS;
    do {
        std::string name = platform::from_wide(entry.cFileName);
        if (name != "." && name != "..") names.push_back(std::move(name));
        if (names.size() > kMostEntries) code = ERROR_TOO_MANY_NAMES;
        if (code == ERROR_SUCCESS && !FindNextFileW(search, &entry)) code = GetLastError();
    } while (code == ERROR_SUCCESS);
    FindClose(search);
    if (code != ERROR_NO_MORE_FILES) return fail_in_guest(code, found.path, "FindNextFile");
    return names;
}

Result<std::vector<FileInfo>> WindowsVolume::list(const std::string& directory) {
    TRY_ASSIGN(const auto found, find(directory));
    if (!found.parent_there) return fail("guest.not_found", {{"path", directory}});
    if (!found.root) {
        TRY_ASSIGN(const bool there, is_plain_directory(found.native, directory));
        if (!there) return fail("guest.not_found", {{"path", directory}});
    }
    TRY_ASSIGN(const auto names, names_in(found));
    std::vector<FileInfo> out;
    out.reserve(names.size());
    for (const auto& name : names) {
        const Found one{found.root ? name : directory + '\\' + name,
                        found.native + (found.root ? L"" : L"\\") + platform::to_wide(name), false, true};
        TRY_ASSIGN(const auto handle, open(one, FILE_READ_ATTRIBUTES, kShareAll));
        TRY_ASSIGN(auto info, info_of(handle.get(), one.path));
        info.name = name;
        out.push_back(std::move(info));
    }
    return out;
}

Result<Handle> WindowsVolume::open_to_read(const Found& found, std::uint64_t& size) {
    TRY_ASSIGN(auto handle, open(found, GENERIC_READ, kShareAll));
    TRY_ASSIGN(const auto info, info_of(handle.get(), found.path));
    if (info.directory) return fail("guest.is_a_directory", {{"path", found.path}});
    if (info.reparse_tag != 0)
        return fail("guest.special_file", {{"path", found.path}, {"kind", std::to_string(info.reparse_tag)}});
    if ((info.attributes & kEncryptedBit) != 0)
        return fail("guest.special_file", {{"path", found.path}, {"kind", "EFS"}});
    size = info.size;
    return handle;
}

Result<> WindowsVolume::read_file(const std::string& path,
                                  const std::function<Result<>(std::span<const std::byte>)>& sink) {
    TRY_ASSIGN(const auto found, find_existing(path));
    std::uint64_t size = 0;
    TRY_ASSIGN(const auto handle, open_to_read(found, size));
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size)));
    for (std::uint64_t at = 0; at < size;) {
        DWORD got = 0;
        if (!ReadFile(handle.get(), piece.data(), static_cast<DWORD>(std::min<std::uint64_t>(piece.size(), size - at)),
                      &got, nullptr))
            return fail_in_guest(GetLastError(), path, "ReadFile");
        if (got == 0) return fail("guest.io", {{"path", path}}, "file ended early");
        TRY(sink(std::span(piece).first(got)));
        at += got;
    }
    return {};
}

Result<std::vector<std::byte>> WindowsVolume::read_file(const std::string& path, std::uint64_t limit) {
    TRY_ASSIGN(const auto found, find_existing(path));
    std::uint64_t size = 0;
    { TRY_ASSIGN(const auto handle, open_to_read(found, size)); }
    if (size > limit)
        return fail("guest.too_large",
                    {{"path", path}, {"size", std::to_string(size)}, {"limit", std::to_string(limit)}});
    std::vector<std::byte> out;
    out.reserve(static_cast<std::size_t>(size));
    TRY(read_file(path, [&](std::span<const std::byte> piece) -> Result<> {
        out.insert(out.end(), piece.begin(), piece.end());
        return {};
    }));
    return out;
}

Result<std::uint64_t> WindowsVolume::free_bytes() {
    ULARGE_INTEGER free{};
    if (!GetDiskFreeSpaceExW(root_.c_str(), &free, nullptr, nullptr))
        return fail_in_guest(GetLastError(), "", "GetDiskFreeSpaceEx");
    return free.QuadPart;
}

Result<std::uint64_t> WindowsVolume::total_bytes() {
    ULARGE_INTEGER free{}, total{};
    if (!GetDiskFreeSpaceExW(root_.c_str(), &free, &total, nullptr))
        return fail_in_guest(GetLastError(), "", "GetDiskFreeSpaceEx");
    return total.QuadPart;
}

} // namespace exhyperv::guest

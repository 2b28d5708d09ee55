#include "guest/disk/win/windows_volume.h"

#include "guest/ntfs/reparse_data.h"
#include "guest/ntfs/volume_path.h"
#include "platform/win/wide.h"
#include "support/scope_guard.h"
#include "support/strings.h"

#include <algorithm>
#include <cstring>
#include <winioctl.h>

namespace exhyperv::guest {
namespace {

constexpr DWORD kShareAllOfIt = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr DWORD kNotThrough = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;
constexpr std::uint32_t kSettableBits = 0xa127; ///< as the direct engine: read-only, hidden, system, archive, …
constexpr std::size_t kWritePiece = 1u << 20, kDeepestTree = 256;
constexpr SECURITY_INFORMATION kOwnerAndAccess =
    OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;

FILE_BASIC_INFO basic_info(std::uint32_t attributes, std::uint64_t modified) {
    FILE_BASIC_INFO info{}; // zero: stays as it is
    info.FileAttributes = attributes;
    info.LastWriteTime.QuadPart = static_cast<LONGLONG>(modified);
    return info;
}

/// No bit set would mean "as it is".
std::uint32_t settable(std::uint32_t attributes) {
    const auto wanted = attributes & kSettableBits;
    return wanted == 0 ? FILE_ATTRIBUTE_NORMAL : wanted;
}

/// Deletes when the handle is closed.
bool mark_for_deletion(HANDLE handle, bool remove) {
    FILE_DISPOSITION_INFO info{};
    info.DeleteFile = remove;
    return SetFileInformationByHandle(handle, FileDispositionInfo, &info, sizeof info) != 0;
}

} // namespace

Result<> WindowsVolume::write_into(Handle& file, const Found& found, const NewFile& description,
                                   const ByteSource& source) {
    FILE_ALLOCATION_INFO room{};
    room.AllocationSize.QuadPart = static_cast<LONGLONG>(description.size);
    if (description.size != 0) // in one run where possible; a wish
        (void)SetFileInformationByHandle(file.get(), FileAllocationInfo, &room, sizeof room);
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(kWritePiece, description.size)));
    for (std::uint64_t at = 0; at < description.size;) {
        const auto room_left = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), description.size - at));
        TRY_ASSIGN(const auto got, source(std::span(piece).first(room_left)));
        if (got == 0) return fail("guest.source_changed", {{"path", found.path}});
        for (std::size_t done = 0; done < got;) {
            DWORD put = 0;
            if (!WriteFile(file.get(), piece.data() + done, static_cast<DWORD>(got - done), &put, nullptr))
                return fail_in_guest(GetLastError(), found.path, "WriteFile");
            if (put == 0) return fail_in_guest(ERROR_DISK_FULL, found.path, "WriteFile");
            done += put;
        }
        at += got;
    }
    std::byte more{};
    TRY_ASSIGN(const auto left, source(std::span(&more, 1)));
    if (left != 0) return fail("guest.source_changed", {{"path", found.path}});
    auto info = basic_info(settable(description.attributes), description.modified);
    if (!SetFileInformationByHandle(file.get(), FileBasicInfo, &info, sizeof info))
        return fail_in_guest(GetLastError(), found.path, "SetFileInformationByHandle");
    return {};
}

Result<> WindowsVolume::write_new(const std::string& path, const NewFile& file, const ByteSource& source) {
    TRY_ASSIGN(const auto found, find_new(path));
    Handle handle(
        CreateFileW(found.native.c_str(), GENERIC_WRITE | DELETE, 0, nullptr, CREATE_NEW, kNotThrough, nullptr));
    if (!handle) return fail_in_guest(GetLastError(), path, "CreateFile");
    auto written = write_into(handle, found, file, source);
    if (!written) {
        auto writable = basic_info(FILE_ATTRIBUTE_NORMAL, 0); // a read-only file is not deleted
        (void)SetFileInformationByHandle(handle.get(), FileBasicInfo, &writable, sizeof writable);
        (void)mark_for_deletion(handle.get(), true); // else the undo log takes it away
    }
    return written;
}

Result<> WindowsVolume::replace(const std::string& path, const NewFile& file, const ByteSource& source) {
    TRY_ASSIGN(const auto old, stat(path));
    if (!old) return fail("guest.not_found", {{"path", path}});
    if (old->directory) return fail("guest.is_a_directory", {{"path", path}});
    const auto fresh = path + "~exhyperv.tmp";
    NewFile like = file;
    like.attributes = old->attributes;
    TRY(write_new(fresh, like, source));
    ScopeGuard cleanup([&] { (void)remove(fresh); });
    TRY(copy_security(path, fresh));
    TRY(remove(path));
    TRY(rename(fresh, path));
    cleanup.dismiss();
    return {};
}

Result<> WindowsVolume::make_directories(const std::string& path) {
    TRY_ASSIGN(const auto components, split_volume_path(path));
    std::string at;
    for (const auto& component : components) {
        at += (at.empty() ? "" : "\\") + component;
        TRY_ASSIGN(const auto found, find(at));
        TRY_ASSIGN(const bool there, is_plain_directory(found.native, at));
        if (there) continue;
        TRY(check_new_name(component));
        if (!CreateDirectoryW(found.native.c_str(), nullptr))
            return fail_in_guest(GetLastError(), at, "CreateDirectory");
    }
    return {};
}

Result<> WindowsVolume::set_basic(const Found& found, std::uint32_t attributes, std::uint64_t modified) {
    TRY_ASSIGN(const auto handle, open(found, FILE_WRITE_ATTRIBUTES, kShareAllOfIt));
    auto info = basic_info(attributes, modified);
    if (!SetFileInformationByHandle(handle.get(), FileBasicInfo, &info, sizeof info))
        return fail_in_guest(GetLastError(), found.path, "SetFileInformationByHandle");
    return {};
}

Result<> WindowsVolume::set_attributes(const std::string& path, std::uint32_t attributes) {
    TRY_ASSIGN(const auto found, find_existing(path));
    return set_basic(found, settable(attributes), 0);
}

Result<> WindowsVolume::set_modified(const std::string& path, std::uint64_t filetime) {
    TRY_ASSIGN(const auto found, find_existing(path));
    return set_basic(found, 0, filetime);
}

Result<> WindowsVolume::make_link(const std::string& path, const std::vector<std::byte>& reparse_data, bool directory) {
    TRY_ASSIGN(const auto found, find_new(path));
    if (directory && !CreateDirectoryW(found.native.c_str(), nullptr))
        return fail_in_guest(GetLastError(), path, "CreateDirectory");
    Handle handle(CreateFileW(found.native.c_str(), GENERIC_WRITE | DELETE, 0, nullptr,
                              directory ? OPEN_EXISTING : CREATE_NEW, kNotThrough, nullptr));
    if (!handle) return fail_in_guest(GetLastError(), path, "CreateFile");
    DWORD got = 0;
    const bool set = DeviceIoControl(handle.get(), FSCTL_SET_REPARSE_POINT, const_cast<std::byte*>(reparse_data.data()),
                                     static_cast<DWORD>(reparse_data.size()), nullptr, 0, &got, nullptr) != 0;
    const DWORD code = GetLastError();
    auto made =
        set ? info_of(handle.get(), path) : Result<FileInfo>(fail_in_guest(code, path, "FSCTL_SET_REPARSE_POINT"));
    if (made && made->reparse_tag == 0) made = fail("guest.io", {{"path", path}}, "the link was not made");
    if (made) return {};
    (void)mark_for_deletion(handle.get(), true);
    return fail(std::move(made).error());
}

Result<> WindowsVolume::make_symlink(const std::string& path, const std::string& target, bool directory) {
    if (target.empty() || target.size() > 4096)
        return fail("guest.bad_name", {{"path", target}, {"reason", "link target"}});
    return make_link(path, symlink_data(target), directory);
}

Result<> WindowsVolume::make_junction(const std::string& path, const std::string& target) {
    if (target.size() < 3 || target.size() > 4096 || target[1] != ':')
        return fail("guest.bad_name", {{"path", target}, {"reason", "a junction leads to an absolute path"}});
    return make_link(path, junction_data(target), true);
}

/// By handle: a name would be opened without the rights of a backup program.
Result<> WindowsVolume::rename(const std::string& from, const std::string& to) {
    TRY_ASSIGN(const auto source, find_existing(from));
    TRY_ASSIGN(const auto target, find_new(to));
    TRY_ASSIGN(const auto taken, stat(to));
    if (taken && !iequals(source.path, target.path)) return fail("guest.exists", {{"path", to}});
    TRY_ASSIGN(const auto handle, open(source, DELETE | SYNCHRONIZE, kShareAllOfIt));
    const std::size_t bytes = target.native.size() * sizeof(wchar_t);
    std::vector<std::uint64_t> room((sizeof(FILE_RENAME_INFO) + bytes) / sizeof(std::uint64_t) + 1); // all zeroes
    auto* info = reinterpret_cast<FILE_RENAME_INFO*>(room.data());
    info->ReplaceIfExists = FALSE;
    info->FileNameLength = static_cast<DWORD>(bytes);
    std::memcpy(info->FileName, target.native.data(), bytes);
    plain_directories_.clear();
    if (!SetFileInformationByHandle(handle.get(), FileRenameInfo, info,
                                    static_cast<DWORD>(room.size() * sizeof(std::uint64_t))))
        return fail_in_guest(GetLastError(), from, "SetFileInformationByHandle");
    return {};
}

Result<> WindowsVolume::remove_found(const Found& found) {
    FileInfo info;
    {
        TRY_ASSIGN(const Handle look, open(found, FILE_READ_ATTRIBUTES, kShareAllOfIt));
        TRY_ASSIGN(info, info_of(look.get(), found.path));
    }
    if (info.directory && info.reparse_tag == 0) { // before it is opened to be deleted: the search would be refused
        TRY_ASSIGN(const auto names, names_in(found));
        if (!names.empty()) return fail("guest.directory_not_empty", {{"path", found.path}});
    }
    TRY_ASSIGN(Handle handle, open(found, DELETE | FILE_WRITE_ATTRIBUTES, kShareAllOfIt));
    plain_directories_.clear();
    if ((info.attributes & kReadOnly) != 0) {
        auto writable = basic_info(settable(info.attributes & ~kReadOnly), 0);
        if (!SetFileInformationByHandle(handle.get(), FileBasicInfo, &writable, sizeof writable))
            return fail_in_guest(GetLastError(), found.path, "SetFileInformationByHandle");
    }
    if (!mark_for_deletion(handle.get(), true))
        return fail_in_guest(GetLastError(), found.path, "SetFileInformationByHandle");
    handle.close();
    // Another program (a virus scanner) that has it open keeps it there.
    if (GetFileAttributesW(found.native.c_str()) != INVALID_FILE_ATTRIBUTES)
        return fail_in_guest(ERROR_SHARING_VIOLATION, found.path, "deleting");
    return {};
}

Result<> WindowsVolume::remove(const std::string& path) {
    TRY_ASSIGN(const auto found, find_existing(path));
    return remove_found(found);
}

/// Depth first, without recursion; links are removed, not followed.
Result<> WindowsVolume::remove_tree(const std::string& path) {
    TRY_ASSIGN(const auto found, find_existing(path));
    TRY_ASSIGN(const auto top, stat(path));
    if (!top) return fail("guest.not_found", {{"path", path}});
    if (!top->directory || top->reparse_tag != 0) return remove_found(found);
    std::vector<std::string> open_directories{path};
    while (!open_directories.empty()) {
        if (open_directories.size() > kDeepestTree)
            return fail("guest.bad_name", {{"path", open_directories.back()}, {"reason", "too deep"}});
        const std::string here = open_directories.back();
        TRY_ASSIGN(const auto entries, list(here));
        bool deeper = false;
        for (const auto& entry : entries) {
            const auto child = here + '\\' + entry.name;
            if (entry.directory && entry.reparse_tag == 0) {
                open_directories.push_back(child);
                deeper = true;
                break;
            }
            TRY(remove(child));
        }
        if (deeper) continue;
        TRY(remove(here));
        open_directories.pop_back();
    }
    return {};
}

Result<> WindowsVolume::copy_security(const std::string& from, const std::string& to) {
    TRY_ASSIGN(const auto source, find_existing(from));
    TRY_ASSIGN(const auto target, find_existing(to));
    TRY_ASSIGN(const auto model, open(source, READ_CONTROL, kShareAllOfIt));
    TRY_ASSIGN(const auto handle, open(target, WRITE_DAC | WRITE_OWNER, kShareAllOfIt));
    DWORD size = 0;
    (void)GetKernelObjectSecurity(model.get(), kOwnerAndAccess, nullptr, 0, &size);
    std::vector<std::byte> descriptor(size);
    if (!GetKernelObjectSecurity(model.get(), kOwnerAndAccess, descriptor.data(), size, &size))
        return fail_in_guest(GetLastError(), from, "GetKernelObjectSecurity");
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision = 0;
    SECURITY_INFORMATION what = kOwnerAndAccess;
    if (GetSecurityDescriptorControl(descriptor.data(), &control, &revision))
        what |= (control & SE_DACL_PROTECTED) != 0 ? PROTECTED_DACL_SECURITY_INFORMATION
                                                   : UNPROTECTED_DACL_SECURITY_INFORMATION;
    if (!SetKernelObjectSecurity(handle.get(), what, descriptor.data()))
        return fail_in_guest(GetLastError(), to, "SetKernelObjectSecurity");
    return {};
}

} // namespace exhyperv::guest

#include "platform/win/replace_file.h"

#include "platform/win/errors.h"
#include "platform/win/native_path.h"
#include "support/scope_guard.h"

#include <cstddef>
#include <cstring>
#include <vector>
#include <windows.h>

namespace exhyperv::platform {

namespace {

constexpr int kAttempts = 200; // times 10 ms: readers of small files are done within that
constexpr DWORD kPauseMs = 10;

// FILE_RENAME_INFO_EX and its flags (Windows 10 1607), which the cross-compiler's headers may lack.
constexpr int kFileRenameInfoEx = 22;
constexpr DWORD kReplaceIfExists = 0x1, kPosixSemantics = 0x2;

struct RenameInfo {
    DWORD flags;
    HANDLE root;
    DWORD name_bytes;
    WCHAR name[1];
};

/// False where the system or the file system does not know this call; the plain one follows then.
bool replace_under_readers(const std::wstring& from, const std::wstring& to) {
    const HANDLE file =
        CreateFileW(from.c_str(), DELETE | SYNCHRONIZE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (file == INVALID_HANDLE_VALUE) return false;
    const ScopeGuard close_it([&] { CloseHandle(file); });
    const std::size_t name_bytes = to.size() * sizeof(WCHAR);
    std::vector<std::byte> buffer(sizeof(RenameInfo) + name_bytes);
    RenameInfo head{};
    head.flags = kReplaceIfExists | kPosixSemantics;
    head.name_bytes = static_cast<DWORD>(name_bytes);
    std::memcpy(buffer.data(), &head, sizeof head);
    std::memcpy(buffer.data() + offsetof(RenameInfo, name), to.data(), name_bytes);
    return SetFileInformationByHandle(file, static_cast<FILE_INFO_BY_HANDLE_CLASS>(kFileRenameInfoEx), buffer.data(),
                                      static_cast<DWORD>(buffer.size())) != 0;
}

} // namespace

Result<> replace_file(const std::string& from, const std::string& to) {
    const std::wstring old_name = native_path(from), new_name = native_path(to);
    if (replace_under_readers(old_name, new_name)) return {};
    for (int attempt = 1;; ++attempt) {
        if (MoveFileExW(old_name.c_str(), new_name.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            return {};
        const DWORD code = GetLastError();
        if (attempt == kAttempts || (code != ERROR_ACCESS_DENIED && code != ERROR_SHARING_VIOLATION))
            return fail_win32(code, to, "MoveFileEx");
        Sleep(kPauseMs);
    }
}

} // namespace exhyperv::platform

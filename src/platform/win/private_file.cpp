#include "platform/private_file.h"

#include "platform/win/account.h"
#include "platform/win/errors.h"
#include "platform/win/native_path.h"
#include "platform/win/replace_file.h"
#include "platform/win/wide.h"
#include "support/scope_guard.h"

#include <windows.h>

#include <sddl.h>

#include <algorithm>

namespace exhyperv::platform {
namespace {

/// SYSTEM, the administrators, this account, and the one that asked for an administrator's rights, which has to find
/// what is left for it; nothing is inherited from the folder, which may be anywhere.
std::wstring access_list() {
    std::string list = "D:P(A;;FA;;;SY)(A;;FA;;;BA)";
    for (const auto& account : {own_account(), asking_account()})
        if (!account.empty()) list += "(A;;FA;;;" + account + ")";
    return to_wide(list);
}

Result<> write_all(HANDLE file, const std::string& path, std::string_view content) {
    while (!content.empty()) {
        DWORD put = 0;
        const auto want = static_cast<DWORD>(std::min<std::size_t>(content.size(), 1u << 20));
        if (!WriteFile(file, content.data(), want, &put, nullptr)) return fail_win32(GetLastError(), path, "WriteFile");
        content.remove_prefix(put);
    }
    if (!FlushFileBuffers(file)) return fail_win32(GetLastError(), path, "FlushFileBuffers");
    return {};
}

} // namespace

Result<> write_private_file(const std::string& path, std::string_view content) {
    SECURITY_ATTRIBUTES security{};
    security.nLength = sizeof security;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(access_list().c_str(), SDDL_REVISION_1,
                                                              &security.lpSecurityDescriptor, nullptr))
        return fail_win32(GetLastError(), path, "ConvertStringSecurityDescriptorToSecurityDescriptor");
    const ScopeGuard free_it([&] { LocalFree(security.lpSecurityDescriptor); });

    const std::string temporary = path + ".private-" + std::to_string(GetCurrentProcessId());
    const auto name = native_path(temporary);
    (void)DeleteFileW(name.c_str()); // left by a killed process that had the same number
    const HANDLE file =
        CreateFileW(name.c_str(), GENERIC_WRITE, 0, &security, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE) return fail_win32(GetLastError(), path, "CreateFile");
    ScopeGuard remove_it([&] { (void)DeleteFileW(name.c_str()); });
    const auto written = write_all(file, path, content);
    CloseHandle(file); // an open file cannot be renamed
    TRY(written);
    TRY(replace_file(temporary, path)); // the access list goes along
    remove_it.dismiss();
    return {};
}

} // namespace exhyperv::platform

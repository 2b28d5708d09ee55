#include "guest/disk/win/privileges.h"

#include "guest/disk/win/handle.h"
#include "support/log.h"

#include <string>

namespace exhyperv::guest {
namespace {

bool enable(HANDLE token, const wchar_t* name) {
    TOKEN_PRIVILEGES wanted{};
    wanted.PrivilegeCount = 1;
    wanted.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    if (!LookupPrivilegeValueW(nullptr, name, &wanted.Privileges[0].Luid)) return false;
    SetLastError(ERROR_SUCCESS);
    // It succeeds without having done everything, and says so only here.
    return AdjustTokenPrivileges(token, FALSE, &wanted, 0, nullptr, nullptr) && GetLastError() == ERROR_SUCCESS;
}

bool enable_all() {
    HANDLE opened = nullptr;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &opened)) return false;
    const Handle token(opened);
    bool all = true;
    for (const auto* name : {L"SeBackupPrivilege", L"SeRestorePrivilege", L"SeCreateSymbolicLinkPrivilege"})
        all = enable(token.get(), name) && all;
    return all;
}

} // namespace

void take_backup_privileges() {
    static const bool all = enable_all();
    if (!all) log(LogLevel::warn, "not all rights of a backup program were granted");
}

} // namespace exhyperv::guest

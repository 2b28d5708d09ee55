#include "platform/win/account.h"

#include "platform/win/native_path.h"
#include "platform/win/wide.h"
#include "support/scope_guard.h"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <array>
#include <cstddef>

namespace exhyperv::platform {
namespace {

constexpr const char* kSystem = "S-1-5-18";
constexpr const char* kAdministrators = "S-1-5-32-544";

std::string asker; ///< set once, before there are threads

std::string text_of(PSID sid) {
    wchar_t* text = nullptr;
    if (!ConvertSidToStringSidW(sid, &text)) return {};
    const ScopeGuard free_it([&] { LocalFree(text); });
    return from_wide(text);
}

} // namespace

std::string own_account() {
    HANDLE token = nullptr;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return {};
    const ScopeGuard close_it([&] { CloseHandle(token); });
    alignas(TOKEN_USER) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> buffer{};
    DWORD size = 0;
    if (!GetTokenInformation(token, TokenUser, buffer.data(), static_cast<DWORD>(buffer.size()), &size)) return {};
    return text_of(reinterpret_cast<const TOKEN_USER*>(buffer.data())->User.Sid);
}

std::string asking_account() {
    return asker;
}

void set_asking_account(const std::string& sid) {
    PSID parsed = nullptr;
    if (!ConvertStringSidToSidW(to_wide(sid).c_str(), &parsed)) return;
    asker = text_of(parsed); // in the one form that can go into an access list
    LocalFree(parsed);
}

bool owned_by_one_of_us(const std::string& path) {
    PSID owner = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    const DWORD code = GetNamedSecurityInfoW(native_path(path).data(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION,
                                             &owner, nullptr, nullptr, nullptr, &descriptor);
    if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND) return true;
    if (code != ERROR_SUCCESS) return false;
    const ScopeGuard free_it([&] { LocalFree(descriptor); });
    const std::string name = text_of(owner);
    return name == kSystem || name == kAdministrators || name == own_account() || (!asker.empty() && name == asker);
}

} // namespace exhyperv::platform

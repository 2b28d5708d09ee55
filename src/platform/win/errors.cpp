#include "platform/win/errors.h"

#include "platform/win/wide.h"
#include "support/strings.h"

#include <windows.h>

namespace exhyperv::platform {

namespace {

constexpr DWORD kDiskQuotaExceeded = 1295; // ERROR_DISK_QUOTA_EXCEEDED, which the cross-compiler's headers lack

const char* code_of(DWORD code) {
    switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_DIRECTORY:
        return "file.not_found";
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
        return "file.exists";
    case ERROR_ACCESS_DENIED:
    case ERROR_WRITE_PROTECT:
    case ERROR_PRIVILEGE_NOT_HELD:
        return "file.access_denied";
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
    case kDiskQuotaExceeded:
    case ERROR_FILE_TOO_LARGE:
        return "file.no_space";
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_USER_MAPPED_FILE:
        return "file.busy";
    default:
        return "file.io";
    }
}

std::string message_of(DWORD code) {
    wchar_t* text = nullptr;
    const DWORD length =
        FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                       nullptr, code, 0, reinterpret_cast<wchar_t*>(&text), 0, nullptr);
    if (!length) return "Windows error " + std::to_string(code);
    std::string message(trim(from_wide({text, length})));
    LocalFree(text);
    return message;
}

} // namespace

tl::unexpected<Error> fail_win32(std::uint32_t code, const std::string& path, std::string_view call) {
    const std::string reason = message_of(code);
    Error error{code_of(code), {{"path", path}, {"reason", reason}}, {}, {}, std::string(call) + ": " + reason};
    error.with_native(NativeKind::win32, code);
    return fail(std::move(error));
}

} // namespace exhyperv::platform

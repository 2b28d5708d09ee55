#include "platform/browser.h"

#include "platform/elevation.h"
#include "platform/win/wide.h"

#include <windows.h>

#include <shellapi.h>

#include <array>

namespace exhyperv::platform {

bool has_desktop() {
    return ::GetShellWindow() != nullptr; // none on Server Core and in services
}

namespace {

bool shell_opens(const std::wstring& what, const wchar_t* parameters) {
    return reinterpret_cast<INT_PTR>(
               ::ShellExecuteW(nullptr, L"open", what.c_str(), parameters, nullptr, SW_SHOWNORMAL)) > 32;
}

} // namespace

bool open_in_browser(const std::string& address) {
    const auto wide = to_wide(address);
    if (!elevated()) return shell_opens(wide, nullptr);
    // Which browser it is the user's own registry says, and any program of the user can write that: the desktop's
    // Explorer, which has no administrator's rights, is asked to open it.
    std::array<wchar_t, MAX_PATH + 1> windows{};
    const UINT length = ::GetWindowsDirectoryW(windows.data(), static_cast<UINT>(windows.size()));
    if (length == 0 || length >= windows.size()) return false;
    return shell_opens(std::wstring(windows.data(), length) + L"\\explorer.exe", (L'"' + wide + L'"').c_str());
}

} // namespace exhyperv::platform

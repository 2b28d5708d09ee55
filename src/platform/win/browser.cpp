#include "platform/browser.h"

#include "platform/win/wide.h"

#include <windows.h>

#include <shellapi.h>

namespace exhyperv::platform {

bool has_desktop() {
    return ::GetShellWindow() != nullptr; // none on Server Core and in services
}

bool open_in_browser(const std::string& address) {
    const auto result = reinterpret_cast<INT_PTR>(
        ::ShellExecuteW(nullptr, L"open", to_wide(address).c_str(), nullptr, nullptr, SW_SHOWNORMAL));
    return result > 32;
}

} // namespace exhyperv::platform

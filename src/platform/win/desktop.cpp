#include "platform/desktop.h"

#include "platform/browser.h"
#include "platform/command_text.h"
#include "platform/elevation.h"
#include "platform/win/wide.h"

#include <windows.h>

#include <array>
#include <cstdio>
#include <optional>
#include <vector>

namespace exhyperv::platform {

namespace {

/// Where a program registered itself: the default value of its App Paths key, the user's before the machine's. With an
/// administrator's rights only the machine's: what any program of the user can write must not be started with them.
std::optional<std::string> app_path(const char* program) {
    const auto key = to_wide("SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\" + std::string(program));
    for (const HKEY root : {HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE}) {
        if (root == HKEY_CURRENT_USER && elevated()) continue;
        std::array<wchar_t, 32768> buffer{};
        DWORD size = sizeof buffer;
        if (RegGetValueW(root, key.c_str(), nullptr, RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ, nullptr, buffer.data(),
                         &size) != ERROR_SUCCESS)
            continue;
        std::string path = from_wide(buffer.data());
        if (path.size() >= 2 && path.front() == '"' && path.back() == '"') path = path.substr(1, path.size() - 2);
        if (!path.empty() && GetFileAttributesW(to_wide(path).c_str()) != INVALID_FILE_ATTRIBUTES) return path;
    }
    return std::nullopt;
}

bool start(const std::string& program, const std::vector<std::string>& words) {
    std::vector<std::string> all{program};
    all.insert(all.end(), words.begin(), words.end());
    auto line = to_wide(command_text(all));
    STARTUPINFOW how{};
    how.cb = sizeof how;
    PROCESS_INFORMATION made{};
    if (!CreateProcessW(to_wide(program).c_str(), line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &how,
                        &made))
        return false;
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
    return true;
}

} // namespace

Shown show_as_window(const std::string& address) {
    if (const auto edge = app_path("msedge.exe"); edge && start(*edge, {"--app=" + address})) return Shown::window;
    return open_in_browser(address) ? Shown::browser : Shown::nothing;
}

bool started_by_double_click() {
    std::array<DWORD, 2> processes{};
    // A shell would be in the list too; 0: no console at all, as for a program started by another program without one.
    return GetConsoleProcessList(processes.data(), static_cast<DWORD>(processes.size())) == 1;
}

void leave_console() {
    if (const HWND window = GetConsoleWindow()) ShowWindow(window, SW_HIDE); // a child may stay in it
    FreeConsole();
    for (std::FILE* const stream : {stdout, stderr}) // writing into a console that is gone would fail
        (void)std::freopen("NUL", "w", stream);
}

} // namespace exhyperv::platform

#include "platform/process.h"

#include "platform/language.h"
#include "platform/win/account.h"
#include "platform/win/handed_over.h"
#include "platform/win/wide.h"

#include <array>
#include <vector>
#include <windows.h>

namespace exhyperv::platform {

namespace {

std::string handed_over; ///< by the process that asked for this one's rights

HANDLE standard_handle(int stream) {
    return GetStdHandle(stream == 2 ? STD_ERROR_HANDLE : STD_OUTPUT_HANDLE);
}

} // namespace

std::optional<std::string> environment(const char* name) {
    const auto wide = to_wide(name);
    const DWORD length = GetEnvironmentVariableW(wide.c_str(), nullptr, 0);
    if (length <= 1) return std::nullopt;
    std::wstring value(length, L'\0');
    const DWORD got = GetEnvironmentVariableW(wide.c_str(), value.data(), length);
    if (got == 0 || got >= length) return std::nullopt; // changed by another thread in between
    value.resize(got);
    return from_wide(value);
}

void use_data_directory(const std::string& path) {
    handed_over = path;
}

Result<std::string> data_directory() {
    if (!handed_over.empty()) {
        // This process has rights which the one that named the folder has not.
        if (!owned_by_one_of_us(handed_over)) return fail("platform.data_of_others", {{"path", handed_over}});
        return handed_over;
    }
    if (auto chosen = environment("EXHYPERV_DATA_DIR")) return *chosen;
    if (auto local = environment("LOCALAPPDATA")) return *local + "\\ExHyperV";
    if (auto profile = environment("USERPROFILE")) return *profile + "\\AppData\\Local\\ExHyperV";
    return fail("platform.no_home");
}

std::string preferred_language() {
    for (const char* name :
         {"LC_ALL", "LC_MESSAGES", "LANG"}) // MSYS and Git shells set them, and people test with them
        if (auto value = environment(name)) return language_tag(*value);
    ULONG count = 0, length = 0;
    if (GetUserPreferredUILanguages(MUI_LANGUAGE_NAME, &count, nullptr, &length) && length > 1) {
        std::vector<wchar_t> names(length);
        if (GetUserPreferredUILanguages(MUI_LANGUAGE_NAME, &count, names.data(), &length) && count > 0)
            return language_tag(from_wide(names.data())); // the first of several strings
    }
    return "en";
}

std::uint32_t process_id() {
    return GetCurrentProcessId();
}

std::string user_and_machine() {
    std::array<wchar_t, 257> user{}, machine{};
    DWORD user_size = user.size(), machine_size = machine.size();
    if (!GetUserNameW(user.data(), &user_size)) user[0] = L'\0';
    if (!GetComputerNameExW(ComputerNameDnsHostname, machine.data(), &machine_size)) machine[0] = L'\0';
    return (user[0] ? from_wide(user.data()) : "unknown") + "@" +
           (machine[0] ? from_wide(machine.data()) : "localhost");
}

bool process_alive(std::uint32_t process_id) {
    const HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, process_id);
    if (!process) return GetLastError() == ERROR_ACCESS_DENIED;
    const bool running = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
    CloseHandle(process);
    return running;
}

bool is_terminal(int stream) {
    DWORD mode = 0;
    return GetConsoleMode(standard_handle(stream), &mode) != 0;
}

int terminal_width() {
    for (int stream : {1, 2}) {
        CONSOLE_SCREEN_BUFFER_INFO info{};
        if (GetConsoleScreenBufferInfo(standard_handle(stream), &info))
            return info.srWindow.Right - info.srWindow.Left + 1;
    }
    return 80;
}

} // namespace exhyperv::platform

#include "platform/hidden_input.h"

#include "support/scope_guard.h"

#include <windows.h>

namespace exhyperv::platform {
namespace {
constexpr std::size_t kLongest = 4096;
}

Result<std::string> read_hidden_line() {
    const HANDLE input = ::GetStdHandle(STD_INPUT_HANDLE);
    DWORD before = 0;
    const bool terminal = ::GetConsoleMode(input, &before) != 0;
    if (terminal) ::SetConsoleMode(input, before & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
    const ScopeGuard restore([&] {
        if (terminal) ::SetConsoleMode(input, before);
    });
    std::string line;
    for (char c = 0; line.size() < kLongest;) {
        DWORD got = 0;
        if (!::ReadFile(input, &c, 1, &got, nullptr) || got == 0) break;
        if (c == '\n') return line;
        if (c != '\r') line += c;
    }
    if (line.empty()) return fail("platform.no_input");
    return line;
}

} // namespace exhyperv::platform

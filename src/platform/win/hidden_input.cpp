#include "platform/hidden_input.h"

#include "platform/win/wide.h"
#include "support/scope_guard.h"

#include <windows.h>

#include <algorithm>

namespace exhyperv::platform {
namespace {
constexpr std::size_t kLongest = 4096;

/// A console is asked for characters: its bytes would come in whatever code page it happens to have, and a password
/// must be the same bytes that a page sends (UTF-8).
Result<std::string> read_typed_line(HANDLE console) {
    constexpr wchar_t kEndOfInput = 0x1A; // Ctrl-Z at the beginning of a line
    std::wstring line;
    wchar_t piece[256];
    while (line.size() < kLongest / 3) { // at most three bytes of UTF-8 each
        DWORD got = 0;
        if (!::ReadConsoleW(console, piece, 256, &got, nullptr) || got == 0) break; // Ctrl-C, or no console any more
        line.append(piece, got);
        if (line.find(L'\n') != std::wstring::npos) break;
    }
    if (line.empty() || line.front() == kEndOfInput) return fail("platform.no_input");
    line.resize(std::min(line.find_first_of(L"\r\n"), line.size()));
    return from_wide(line);
}

} // namespace

Result<std::string> read_hidden_line() {
    const HANDLE input = ::GetStdHandle(STD_INPUT_HANDLE);
    DWORD before = 0;
    const bool terminal = ::GetConsoleMode(input, &before) != 0;
    if (terminal) ::SetConsoleMode(input, before & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
    const ScopeGuard restore([&] {
        if (terminal) ::SetConsoleMode(input, before);
    });
    if (terminal) return read_typed_line(input);
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

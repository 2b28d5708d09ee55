#include "platform/console.h"

#include <cstdio>
#include <fcntl.h>
#include <io.h>
#include <windows.h>

namespace exhyperv::platform {

namespace {

constexpr DWORD kStreams[2] = {STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};

} // namespace

Console::Console() {
    before_.code_page = ::GetConsoleOutputCP(); // 0 without a console
    if (before_.code_page != 0) ::SetConsoleOutputCP(CP_UTF8);
    for (int i = 0; i < 2; ++i) {
        const HANDLE stream = ::GetStdHandle(kStreams[i]);
        DWORD mode = 0;
        if (!::GetConsoleMode(stream, &mode)) continue;
        before_.modes[i] = mode;
        before_.known[i] = ::SetConsoleMode(stream, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
    }
    // Without this the C library turns every line end into two bytes: output would differ between systems.
    (void)::_setmode(::_fileno(stdout), _O_BINARY);
    (void)::_setmode(::_fileno(stderr), _O_BINARY);
}

Console::~Console() {
    std::fflush(stdout);
    std::fflush(stderr);
    for (int i = 0; i < 2; ++i)
        if (before_.known[i]) ::SetConsoleMode(::GetStdHandle(kStreams[i]), before_.modes[i]);
    if (before_.code_page != 0) ::SetConsoleOutputCP(before_.code_page);
}

} // namespace exhyperv::platform

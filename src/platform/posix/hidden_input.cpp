#include "platform/hidden_input.h"

#include "support/scope_guard.h"

#include <cerrno>
#include <termios.h>
#include <unistd.h>

namespace exhyperv::platform {
namespace {
constexpr std::size_t kLongest = 4096;
}

Result<std::string> read_hidden_line() {
    termios before{};
    const bool terminal = ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        termios quiet = before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    const ScopeGuard restore([&] {
        if (terminal) (void)::tcsetattr(STDIN_FILENO, TCSANOW, &before);
    });
    std::string line;
    for (char c = 0; line.size() < kLongest;) {
        const ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        if (c == '\n') return line;
        if (c != '\r') line += c;
    }
    if (line.empty()) return fail("platform.no_input");
    return line;
}

} // namespace exhyperv::platform

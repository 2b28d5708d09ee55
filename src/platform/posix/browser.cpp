#include "platform/browser.h"

#include "platform/process.h"

#include <cstdlib>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace exhyperv::platform {
namespace {

bool found_in_path(const char* program) {
    const std::string path = environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find(':', start), path.size());
        if (::access((path.substr(start, end - start) + '/' + program).c_str(), X_OK) == 0) return true;
        start = end + 1;
    }
    return false;
}

} // namespace

bool has_desktop() {
    return environment("DISPLAY") || environment("WAYLAND_DISPLAY");
}

bool open_in_browser(const std::string& address) {
    if (!has_desktop() || !found_in_path("xdg-open")) return false;
    const pid_t child = ::fork();
    if (child < 0) return false;
    if (child == 0) {
        // A grandchild of its own session: neither Ctrl-C here nor our end closes the browser.
        if (::fork() != 0) ::_exit(0);
        ::setsid();
        const int nowhere = ::open("/dev/null", O_RDWR);
        for (const int stream : {0, 1, 2})
            ::dup2(nowhere, stream);
        ::execlp("xdg-open", "xdg-open", address.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child;
}

} // namespace exhyperv::platform

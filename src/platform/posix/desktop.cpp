#include "platform/desktop.h"

#include "platform/browser.h"

namespace exhyperv::platform {

Shown show_as_window(const std::string& address) {
    return open_in_browser(address) ? Shown::browser : Shown::nothing;
}

bool started_by_double_click() {
    return false;
}

void leave_console() {}

} // namespace exhyperv::platform

#pragma once

#include <cstdint>
#include <string>

namespace exhyperv::platform {

enum class Shown : std::uint8_t { nothing, browser, window };

/// Shows the address as a window of its own where the system has a browser that does that (Edge's app mode on Windows,
/// found by its App Paths entry), else in the browser. Does not wait, and says nothing of how long the window lives:
/// the browser's first process may end at once. As for open_in_browser(), no secret may be in the address.
[[nodiscard]] Shown show_as_window(const std::string& address);

/// Was the program started by a double click, so that its console belongs to nobody else? Always false elsewhere than
/// on Windows.
[[nodiscard]] bool started_by_double_click();
/// Gives that console up: its window goes away. What is printed from then on is lost.
void leave_console();

} // namespace exhyperv::platform

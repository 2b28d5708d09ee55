#pragma once

#include <string>

namespace exhyperv::platform {

/// Opens the address in the user's browser and does not wait for it. False when there is no desktop to show one on, or
/// no program that opens addresses. The address stands on that program's command line, which others on this machine can
/// read: no secret may be in it.
[[nodiscard]] bool open_in_browser(const std::string& address);

/// May a browser be there? False on a server without a desktop session.
[[nodiscard]] bool has_desktop();

} // namespace exhyperv::platform

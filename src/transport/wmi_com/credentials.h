#pragma once

#include <string>

namespace exhyperv::wmi_com {

/// Which machine, and as whom. All texts UTF-8.
struct Target {
    std::string computer; ///< empty: this machine
    std::string user;     ///< empty: whoever runs the program; "DOMAIN\name" or "name@domain" else
    std::string password; ///< only with `user`

    [[nodiscard]] bool remote() const { return !computer.empty(); }
};

} // namespace exhyperv::wmi_com

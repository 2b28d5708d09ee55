#pragma once

#include "transport/sim/material/guest_image.h"

#include <string>

namespace exhyperv::sim {

/// What an installation of this build says of itself in SOFTWARE.
struct WindowsRelease {
    std::string product_name; ///< clients of 22000 and later still say "Windows 10 …", as the real ones do
    std::string edition_id;
    std::string display_version; ///< "24H2"; empty before 19042
    std::string release_id;      ///< "1709"; "2009" from 19042 on
};
[[nodiscard]] WindowsRelease windows_release(const GuestSpec& spec);

} // namespace exhyperv::sim

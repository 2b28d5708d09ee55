#pragma once

#include <cstdint>

namespace exhyperv::assign {

// GPU-PV by Windows build (design §4, wmi-facts 4.5).
inline constexpr std::uint32_t kFirstGpuPvGuestBuild = 17134;    ///< WDDM 2.4
inline constexpr std::uint32_t kFirstNamedGpuGuestBuild = 19041; ///< WDDM 2.7: the guest shows the card's real name
inline constexpr std::uint32_t kFirstServerHostBuild = 20348;    ///< a card can be chosen and read back
inline constexpr std::uint32_t kFirstClientHostBuild = 22000;

} // namespace exhyperv::assign

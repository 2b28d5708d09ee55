#pragma once

#include <cstdint>
#include <string_view>

namespace exhyperv::guest {

inline constexpr const char* kHibernationFile = "hiberfil.sys";
inline constexpr std::size_t kHibernationMagic = 4; ///< bytes of its beginning that tell

/// Does the file hold a Windows that sleeps? One that is cut off counts: nobody knows (ntfs-3g's rule).
[[nodiscard]] inline bool holds_hibernation(std::uint64_t size, std::string_view beginning) {
    constexpr std::uint64_t header = 4096;
    return size < header || beginning == "hibr" || beginning == "HIBR";
}

} // namespace exhyperv::guest

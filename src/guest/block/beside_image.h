#pragma once

#include <string>
#include <string_view>

namespace exhyperv::guest {

/// Of a file that is there while a physical disk is online for our sake (disk/win/online_disk.h).
inline constexpr std::string_view kOnlineSuffix = ".exhyperv-online";

/// Where what belongs to a disk is kept outside of it: beside an image file (beside the file itself, also when it is
/// reached through symbolic links), for a physical disk in this user's data directory, under a name the disk keeps when
/// Windows numbers its disks anew. Empty when there is no such place.
[[nodiscard]] std::string path_beside(const std::string& image_path, std::string_view suffix);

/// Did a killed process leave this physical disk online?
[[nodiscard]] bool was_left_online(const std::string& image_path);

} // namespace exhyperv::guest

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::guest {

// Tags of reparse points, as Windows numbers them ([MS-FSCC] 2.1.2.1).
inline constexpr std::uint32_t kTagSymlink = 0xA000000C, kTagJunction = 0xA0000003, kTagWof = 0x80000017,
                               kTagDedup = 0x80000013;

/// "C:\…", "\\server\…", "\…" are absolute or rooted; everything else is relative to the link's own directory.
[[nodiscard]] bool is_absolute_target(std::string_view target);

/// REPARSE_DATA_BUFFER of a symbolic link ([MS-FSCC] 2.1.2.4): an absolute target gets the prefix "\??\" in its
/// substitute name, a relative one the relative flag.
[[nodiscard]] std::vector<std::byte> symlink_data(std::string_view target);
/// REPARSE_DATA_BUFFER of a junction ([MS-FSCC] 2.1.2.5) to an absolute path.
[[nodiscard]] std::vector<std::byte> junction_data(std::string_view target);

/// The substitute name of a link or junction; empty when it is another kind of reparse point or does not parse.
[[nodiscard]] std::string link_target_of(std::span<const std::byte> data);

} // namespace exhyperv::guest

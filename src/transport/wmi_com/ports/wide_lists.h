#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::wmi_com {

/// The texts of a list that ends with an empty one (REG_MULTI_SZ, device id lists): what comes after that end, or is
/// not terminated, is cut, never read beyond.
[[nodiscard]] std::vector<std::string> texts_of_list(std::u16string_view list);
/// UTF-16LE bytes up to the first terminator; an odd last byte is no character.
[[nodiscard]] std::u16string wide_of_bytes(std::span<const std::byte> bytes);

} // namespace exhyperv::wmi_com

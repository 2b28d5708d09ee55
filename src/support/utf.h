#pragma once

#include "support/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv {

/// UTF-8 -> UTF-16 code units. Malformed input becomes U+FFFD: for names that only need to be shown or compared.
[[nodiscard]] std::u16string to_utf16(std::string_view utf8);
/// UTF-16 -> UTF-8; a lone surrogate becomes U+FFFD.
[[nodiscard]] std::string to_utf8(std::u16string_view utf16);

/// Little-endian bytes of UTF-16 text, as registry values and INF files hold it. No terminator is added or removed.
[[nodiscard]] std::vector<std::byte> to_utf16le_bytes(std::string_view utf8);
/// Fails with `text.bad_utf16` on an odd number of bytes.
[[nodiscard]] Result<std::string> from_utf16le_bytes(std::span<const std::byte> bytes);

/// True when the bytes are well-formed UTF-8 (no overlong forms, no surrogates).
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Columns a terminal needs for the text: East Asian wide characters count two, combining marks none.
[[nodiscard]] std::size_t display_width(std::string_view utf8);

} // namespace exhyperv

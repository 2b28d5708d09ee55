#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv {

// Everything inside the program is UTF-8. "ASCII" functions leave other bytes alone.

[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] std::string ascii_upper(std::string_view text);
[[nodiscard]] bool iequals(std::string_view a, std::string_view b); ///< ASCII case-insensitive
[[nodiscard]] bool istarts_with(std::string_view text, std::string_view prefix);
[[nodiscard]] bool icontains(std::string_view text, std::string_view part);
[[nodiscard]] std::string_view trim(std::string_view text); ///< spaces, tabs, CR, LF
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] std::string replace_all(std::string text, std::string_view from, std::string_view to);
/// As replace_all, matching `from` without regard to ASCII case.
[[nodiscard]] std::string ireplace_all(std::string_view text, std::string_view from, std::string_view to);

/// Whole-string decimal or 0x hexadecimal; nullopt on anything else, overflow included.
[[nodiscard]] std::optional<std::uint64_t> parse_u64(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> parse_i64(std::string_view text);

/// Orders case-insensitively (ASCII); for maps keyed by Windows names.
struct ILess {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;
};

} // namespace exhyperv

#pragma once

#include "support/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

inline constexpr std::size_t kMaxInfBytes = 32u << 20;
inline constexpr std::size_t kMaxInfLines = 500'000;
inline constexpr std::size_t kMaxInfFields = 2'000'000;
inline constexpr std::size_t kMaxInfExpanded = 64u << 20;

/// An INF file's bytes as UTF-8: byte order marks, UTF-16 without one, UTF-8, else code page 1252.
/// Errors: drivers.inf_too_large, drivers.inf_invalid (binary content).
[[nodiscard]] Result<std::string> decode_inf(std::span<const std::byte> content);

/// A logical line before %strings% are put in.
struct RawInfLine {
    std::uint32_t number = 0;
    bool section = false; ///< `key` is the section's name
    std::string key;
    std::vector<std::string> fields;
};

/// Splits decoded text into logical lines; blank ones are dropped. Errors: drivers.inf_too_large, drivers.inf_invalid.
[[nodiscard]] Result<std::vector<RawInfLine>> split_inf(std::string_view text);

} // namespace exhyperv::drivers

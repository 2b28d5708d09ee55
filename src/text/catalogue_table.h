#pragma once

#include <array>
#include <span>
#include <string_view>

namespace exhyperv::text {

/// One text in every language, in the order of `Language`.
struct Entry {
    std::string_view key;
    std::array<std::string_view, 2> text;
};

/// The merged catalogue, sorted by key (byte order). Generated; constant data without initialisation at start.
[[nodiscard]] std::span<const Entry> entries();

} // namespace exhyperv::text

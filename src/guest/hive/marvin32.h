#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace exhyperv::guest {

/// Marvin32, the hash that guards the entries of a hive's log.
[[nodiscard]] std::uint64_t marvin32(std::uint64_t seed, std::span<const std::byte> data);

} // namespace exhyperv::guest

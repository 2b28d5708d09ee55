#pragma once

#include "support/result.h"
#include "transport/sim/world/world.h"

#include <cstdint>
#include <string>

namespace exhyperv::sim {

/// The bytes of a state file: header (magic, shape of the structs, checksum, length) and the archived world.
[[nodiscard]] std::string encode_state(const World& world);
/// Errors: sim.state_version (written by a program with other structs), sim.bad_state (damaged).
[[nodiscard]] Result<World> decode_state(std::string_view bytes, const std::string& path);

inline constexpr std::size_t kStateHeader = 32;
/// The checksum in a header; 0 when it is no header.
[[nodiscard]] std::uint64_t state_checksum(std::string_view header);

} // namespace exhyperv::sim

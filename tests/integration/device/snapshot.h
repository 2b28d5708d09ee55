#pragma once

#include "world.h"

#include <string>

namespace exhyperv::assign {

/// Every device's place, every VM's settings, every disk's state and what is remembered, one line each, sorted.
[[nodiscard]] std::string snapshot(World& world);
/// The VM part of a snapshot.
[[nodiscard]] std::string settings_of(World& world, const std::string& vm);

} // namespace exhyperv::assign

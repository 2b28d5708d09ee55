#pragma once

#include "world.h"

#include <string>

namespace exhyperv::assign {

/// Every device's place, every VM's settings, every disk's state and what is remembered, one line each.
[[nodiscard]] std::string snapshot(World& world);
/// Lines that are only in one of the two; empty when they are alike.
[[nodiscard]] std::string difference(const std::string& before, const std::string& after);

/// The VM part of a snapshot.
[[nodiscard]] std::string settings_of(World& world, const std::string& vm);

} // namespace exhyperv::assign

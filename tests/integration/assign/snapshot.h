#pragma once

#include "world.h"

#include <string>

namespace exhyperv::assign {

/// Everything an operation may touch, as text that can be compared: settings and partitions of all VMs, the policy
/// values, the file tree of the VM's guest disk (names, sizes, attributes, times, link targets) and its whole SYSTEM
/// hive, and what the state directory remembers. Times of directories and links, and of our own manifest and the hive
/// file, are left out: they tell when something was done, not what.
[[nodiscard]] std::string snapshot(World& world, const std::string& vm = "target");
/// Only the guest's part.
[[nodiscard]] std::string guest_snapshot(World& world, const std::string& vm = "target");

} // namespace exhyperv::assign

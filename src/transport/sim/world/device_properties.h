#pragma once

#include "host/devices.h"
#include "transport/sim/world/nodes.h"

#include <optional>

namespace exhyperv::sim {

/// A node's property by key (wmi-facts 1.11). Nothing: the node does not have it, which means unknown.
[[nodiscard]] std::optional<host::PropertyValue> device_property(const Node& node, const host::PropertyKey& key);

} // namespace exhyperv::sim

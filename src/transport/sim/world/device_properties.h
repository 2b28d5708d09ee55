#pragma once

#include "host/devices.h"
#include "transport/sim/world/nodes.h"

#include <optional>

namespace exhyperv::sim {

/// The LUID Windows gave the display adapter at its start; 0 for functions that are none.
[[nodiscard]] std::uint64_t adapter_luid(const PciFunction& function);

/// A node's property by key (wmi-facts 1.11). Nothing: the node does not have it, which means unknown.
[[nodiscard]] std::optional<host::PropertyValue> device_property(const Node& node, const host::PropertyKey& key);

} // namespace exhyperv::sim

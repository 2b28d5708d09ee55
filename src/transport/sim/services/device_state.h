#pragma once

#include "support/result.h"
#include "transport/sim/world/world.h"

namespace exhyperv::sim {

/// Disables or enables a node, as Configuration Manager does. Errors: device.not_found, device.not_disableable (CR
/// 0x28), device.access_denied.
[[nodiscard]] Result<> set_device_enabled(World& world, const std::string& instance_path, bool enabled);

} // namespace exhyperv::sim

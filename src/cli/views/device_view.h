#pragma once

#include "assign/device/display_advice.h"
#include "assign/device/inventory.h"
#include "cli/ui.h"

#include <string>
#include <vector>

namespace exhyperv::cli {

/// `all`: bridges too. What keeps any device from working in a VM of this host is said once, below.
[[nodiscard]] std::string device_table(const assign::DeviceInventory& inventory, bool all, const Ui& ui);
[[nodiscard]] std::string device_text(const assign::DeviceInventory& inventory, const assign::DeviceEntry& entry,
                                      const Ui& ui);
/// `commands`: for each adapter, the command that passes its controller; "" where it cannot be passed.
[[nodiscard]] std::string display_advice_text(const assign::DisplayAdvice& advice,
                                              const std::vector<std::string>& commands, const Ui& ui);

} // namespace exhyperv::cli

#pragma once

#include "assign/device/display_advice.h"
#include "assign/device/inventory.h"
#include "cli/document.h"

namespace exhyperv::cli {

[[nodiscard]] Document device_list_document(const assign::DeviceInventory& inventory, text::Language language);
[[nodiscard]] Document device_document(const assign::DeviceInventory& inventory, const assign::DeviceEntry& entry,
                                       text::Language language);
/// `row`: the JSON text of assign::compatibility_report.
[[nodiscard]] Document device_report_document(const assign::DeviceEntry& entry, const std::string& row);
/// `commands`: for each adapter, the command that passes its controller; "" where it cannot be passed.
[[nodiscard]] Document display_advice_document(const assign::DisplayAdvice& advice,
                                               const std::vector<std::string>& commands, text::Language language);

} // namespace exhyperv::cli

#pragma once

#include "app/session.h"
#include "cli/ui.h"

#include <string>

namespace exhyperv::cli {

[[nodiscard]] std::string vm_table(const app::Inventory& inventory, const Ui& ui);
[[nodiscard]] std::string vm_text(const app::Inventory& inventory, const model::Vm& vm, const Ui& ui);
[[nodiscard]] std::string gpu_table(const app::Inventory& inventory, const Ui& ui);
[[nodiscard]] std::string gpu_text(const app::Inventory& inventory, const model::Gpu& gpu, const Ui& ui);
[[nodiscard]] std::string status_text(const app::Session& session, const model::HostFacts& facts,
                                      const app::Inventory& inventory,
                                      const std::vector<assign::ReadinessItem>& readiness, const Ui& ui);

/// "running" in the user's language, and the tone it deserves.
[[nodiscard]] std::string vm_state_text(model::VmState state, const Ui& ui);

} // namespace exhyperv::cli

#pragma once

#include "assign/operations.h"
#include "cli/ui.h"

#include <string>
#include <vector>

namespace exhyperv::cli {

[[nodiscard]] std::string history_table(const std::vector<assign::HistoryEntry>& entries, const Ui& ui);
/// One operation with its steps.
[[nodiscard]] std::string history_text(const assign::HistoryEntry& entry, const Ui& ui);
/// The first characters of an operation's id: enough to name it.
[[nodiscard]] std::string short_id(const std::string& id);

} // namespace exhyperv::cli

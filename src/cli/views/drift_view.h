#pragma once

#include "assign/gpu_drift.h"
#include "cli/ui.h"

#include <string>
#include <vector>

namespace exhyperv::cli {

/// One row a card and VM. `files`: also which files differ.
[[nodiscard]] std::string drift_table(const std::vector<assign::DriftRow>& rows, bool files, const Ui& ui);

} // namespace exhyperv::cli

#pragma once

#include "assign/plan.h"
#include "cli/ui.h"

#include <string>
#include <vector>

namespace exhyperv::cli {

/// "✓", "!", "✗", "?" in the colour of the verdict.
[[nodiscard]] std::string verdict_mark(assign::Verdict verdict, const Ui& ui);

/// What is going to happen, and where: the first lines of a change.
[[nodiscard]] std::string plan_heading(const assign::Plan& plan, const Ui& ui);
/// Every check with its evidence, and a remedy where something is to be done. Ids with `ui.verbose`.
[[nodiscard]] std::string checks_in_full(const assign::Plan& plan, const Ui& ui);
/// One line with the counts, then only the checks a person has to know of.
[[nodiscard]] std::string checks_in_short(const std::vector<assign::Check>& checks, const Ui& ui);
/// The steps, numbered: what, why, and what happens to each when a later one fails.
[[nodiscard]] std::string steps_in_full(const assign::Plan& plan, const Ui& ui);
/// The steps as a numbered list of what they do.
[[nodiscard]] std::string steps_in_short(const assign::Plan& plan, const Ui& ui);

} // namespace exhyperv::cli

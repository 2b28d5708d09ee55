#pragma once

#include "assign/plan.h"
#include "cli/ui.h"

#include <string>
#include <utility>
#include <vector>

namespace exhyperv::cli {

/// A VM setting as people call it, and its value with its unit or meaning: {"High MMIO space", "32 GiB"}.
using SettingWords = std::pair<std::string, std::string>;

/// From the provider's name and value ("HighMmioGapSize", "32768"). What is not known is shown as it is.
[[nodiscard]] SettingWords setting_words(const std::string& name, const std::string& value, const Ui& ui);

/// The changes a settings step names in its text ("Name = value, Name = value"); empty for other steps.
[[nodiscard]] std::vector<SettingWords> setting_changes(const assign::Step& step, const Ui& ui);

/// What a step does, in one line: as the step says it, but for settings their number instead of a list.
[[nodiscard]] std::string step_title(const assign::Step& step, const Ui& ui);

/// A fact that was read back; settings in people's words.
[[nodiscard]] std::string fact_text(const Message& fact, const Ui& ui);

} // namespace exhyperv::cli

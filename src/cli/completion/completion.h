#pragma once

#include "cli/command.h"

#include <span>
#include <string>

namespace exhyperv::cli {

// Completion scripts, made from the command table. Words, options and fixed choices are completed; help texts are in
// the user's language where the shell shows them. Values come from the table only: nothing here needs quoting by a
// reader.

[[nodiscard]] std::string bash_completion(std::span<const CommandSpec* const> commands);
[[nodiscard]] std::string zsh_completion(std::span<const CommandSpec* const> commands, const Ui& ui);
[[nodiscard]] std::string fish_completion(std::span<const CommandSpec* const> commands, const Ui& ui);
[[nodiscard]] std::string powershell_completion(std::span<const CommandSpec* const> commands, const Ui& ui);

/// First words ("status", "gpu", …) in the order of the table, each with the catalogue key that describes it.
struct Word {
    std::string text;
    std::string_view help;
};
[[nodiscard]] std::vector<Word> first_words(std::span<const CommandSpec* const> commands);
/// Verbs of a group, likewise.
[[nodiscard]] std::vector<Word> verbs_of(std::span<const CommandSpec* const> commands, std::string_view group);
/// The command's options and the global ones.
[[nodiscard]] std::vector<const OptionSpec*> options_of(const CommandSpec& command);

} // namespace exhyperv::cli

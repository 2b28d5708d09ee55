#pragma once

#include "cli/command.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::cli {

/// A command line, understood. Without `command` it asked for help: of the program, or of `group`.
struct ParsedLine {
    const CommandSpec* command = nullptr;
    std::string group; ///< "gpu" when only that was given
    bool help = false, version = false;
    Arguments arguments; ///< the command's
    Arguments globals;
};

/// What could be told of the language, JSON and colour wishes although the line did not parse: for the error's own
/// form.
struct LineHints {
    std::optional<std::string> language;
    bool json = false, no_color = false, verbose = false;
};
[[nodiscard]] LineHints hints_of(const std::vector<std::string>& words);

/// `words` without the program's name. `help` as first word is `--help` at the end.
/// Errors: cli.unknown_command {word, near}, cli.unknown_option {option, command, near}, cli.unexpected_argument
/// {argument, command}, cli.missing_argument {argument, command}, cli.missing_option, cli.missing_value {option},
/// cli.option_twice {option}, cli.bad_choice {option, value, expected}, cli.bad_line {reason}.
[[nodiscard]] Result<ParsedLine> parse_line(const std::vector<std::string>& words,
                                            std::span<const CommandSpec* const> commands);

/// The one of `known` that is nearest to a mistyped word; empty when none is near.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

} // namespace exhyperv::cli

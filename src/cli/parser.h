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

/// `words` without the program's name. Options may stand anywhere, "--" ends them; `help` as first word is `--help` at
/// the end. A value may not begin with '-' unless it is attached (--vm=-odd). Errors: cli.unknown_command(_near),
/// cli.unknown_option(_near), cli.unexpected_argument, cli.missing_argument, cli.missing_option, cli.missing_value,
/// cli.unexpected_value, cli.option_twice, cli.bad_value.
[[nodiscard]] Result<ParsedLine> parse_line(const std::vector<std::string>& words,
                                            std::span<const CommandSpec* const> commands);

/// The one of `known` that is nearest to a mistyped word; empty when none is near.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

} // namespace exhyperv::cli

#pragma once

#include "cli/command.h"

#include <span>
#include <string>

namespace exhyperv::cli {

/// `exhyperv --help`: what the program is for, its commands by group, global options, exit codes, first steps.
[[nodiscard]] std::string program_help(std::span<const CommandSpec* const> commands, const Ui& ui);
/// `exhyperv gpu`: the commands of a group.
[[nodiscard]] std::string group_help(std::string_view group, std::span<const CommandSpec* const> commands,
                                     const Ui& ui);
/// `exhyperv gpu add --help`.
[[nodiscard]] std::string command_help(const CommandSpec& command, const Ui& ui);
/// "exhyperv gpu add GPU --vm VM [OPTIONS]"
[[nodiscard]] std::string usage_line(const CommandSpec& command, const Ui& ui);

} // namespace exhyperv::cli

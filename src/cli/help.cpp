#include "cli/help.h"

#include "cli/commands/commands.h"
#include "cli/completion/completion.h"
#include "cli/global_options.h"
#include "support/utf.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::cli {
namespace {

struct Row {
    std::string left, right;
};

std::string heading(std::string_view key, const Ui& ui) {
    return '\n' + ui.paint(Tone::strong, ui.text(key)) + '\n';
}

/// Two columns; the right one wraps. Left sides wider than the limit get a line of their own.
std::string rows_text(const std::vector<Row>& rows, const Ui& ui) {
    constexpr std::size_t kWidest = 30;
    std::size_t width = 0;
    for (const Row& row : rows)
        if (display_width(row.left) <= kWidest) width = std::max(width, display_width(row.left));
    std::string out;
    for (const Row& row : rows) {
        const std::string block = paragraph(std::string(width + 4, ' '), row.right, ui);
        if (display_width(row.left) > width)
            out += "  " + ui.paint(Tone::accent, row.left) + '\n' + block;
        else
            out += "  " + ui.paint(Tone::accent, pad(row.left, width)) + block.substr(width + 2);
    }
    return out;
}

std::string option_left(const OptionSpec& option) {
    std::string left = option.letter ? fmt::format("-{}, {}", option.letter, option.name) : std::string(option.name);
    if (!option.value.empty()) left += ' ' + std::string(option.value);
    return left;
}

std::vector<Row> option_rows(std::span<const OptionSpec> options, const Ui& ui) {
    std::vector<Row> rows;
    for (const OptionSpec& option : options) {
        std::string right = ui.text(option.help);
        if (option.required) right += ui.text("cli.help.required");
        rows.push_back({option_left(option), std::move(right)});
    }
    return rows;
}

std::string examples_text(std::span<const ExampleSpec> examples, const Ui& ui) {
    if (examples.empty()) return {};
    std::string out = heading("cli.help.examples", ui);
    for (const ExampleSpec& example : examples)
        out += paragraph("  ", ui.text(example.help), ui) + "    " + ui.paint(Tone::accent, example.line) + '\n';
    return out;
}

} // namespace

std::string usage_line(const CommandSpec& command, const Ui& ui) {
    std::string out = "exhyperv " + command.name();
    for (const PositionalSpec& positional : command.positionals)
        out += fmt::format(fmt::runtime(positional.required ? " {}{}" : " [{}{}]"), positional.name,
                           positional.many ? "…" : "");
    for (const OptionSpec& option : command.options)
        if (option.required) out += fmt::format(" {} {}", option.name, option.value);
    return out + ' ' + ui.text("cli.help.options_word");
}

std::string command_help(const CommandSpec& command, const Ui& ui) {
    std::string out = paragraph("", ui.text(command.summary), ui) + '\n';
    out += ui.paint(Tone::strong, ui.text("cli.help.usage")) + "\n  " + usage_line(command, ui) + '\n';
    out += '\n' + paragraph("", ui.text(command.details), ui);
    if (!command.positionals.empty()) {
        std::vector<Row> rows;
        for (const PositionalSpec& positional : command.positionals)
            rows.push_back({std::string(positional.name), ui.text(positional.help)});
        out += heading("cli.help.arguments", ui) + rows_text(rows, ui);
    }
    if (!command.options.empty())
        out += heading("cli.help.options", ui) + rows_text(option_rows(command.options, ui), ui);
    out += heading("cli.help.global_options", ui) + rows_text(option_rows(kGlobalOptions, ui), ui);
    return out + examples_text(command.examples, ui) + '\n' + paragraph("", ui.text("cli.help.exit_codes_hint"), ui);
}

std::string group_help(std::string_view group, std::span<const CommandSpec* const> commands, const Ui& ui) {
    std::string out = paragraph("", ui.text(group_summary(group)), ui) + heading("cli.help.commands", ui);
    std::vector<Row> rows;
    std::vector<ExampleSpec> examples;
    for (const CommandSpec* command : commands) {
        if (command->group != group) continue;
        rows.push_back({command->name(), ui.text(command->summary)});
        if (!command->examples.empty()) examples.push_back(command->examples.front());
    }
    return out + rows_text(rows, ui) + examples_text(examples, ui) + '\n' + paragraph("", ui.text("cli.help.more"), ui);
}

std::string program_help(std::span<const CommandSpec* const> commands, const Ui& ui) {
    std::string out = paragraph("", ui.text("cli.help.program"), ui) + '\n';
    out += ui.paint(Tone::strong, ui.text("cli.help.usage")) + "\n  exhyperv " + ui.text("cli.help.command_word") +
           ' ' + ui.text("cli.help.options_word") + '\n';
    out += heading("cli.help.commands", ui);
    std::vector<Row> rows;
    for (const CommandSpec* command : commands)
        rows.push_back({command->name(), ui.text(command->summary)});
    out += rows_text(rows, ui);
    out += heading("cli.help.global_options", ui) + rows_text(option_rows(kGlobalOptions, ui), ui);
    out += heading("cli.help.exit_codes", ui);
    rows.clear();
    for (const ExitCodeText& entry : exit_code_texts())
        rows.push_back({std::to_string(static_cast<int>(entry.code)), ui.text(entry.key)});
    out += rows_text(rows, ui);
    static constexpr ExampleSpec kFirstSteps[] = {
        {"exhyperv status", "cli.help.first_status"},
        {"exhyperv gpu add \"RTX 4070\" --vm win11 --dry-run", "cli.gpu_add.example_dry_run"},
        {"exhyperv gpu add \"RTX 4070\" --vm win11", "cli.gpu_add.example"},
        {"exhyperv gpu remove --vm win11 --purge", "cli.gpu_remove.example"},
    };
    return out + examples_text(kFirstSteps, ui) + '\n' + paragraph("", ui.text("cli.help.more"), ui);
}

} // namespace exhyperv::cli

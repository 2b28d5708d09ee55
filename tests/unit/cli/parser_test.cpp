#include "cli/parser.h"

#include "cli/commands/commands.h"
#include "support/strings.h"

#include <gtest/gtest.h>

namespace exhyperv::cli {
namespace {

using Words = std::vector<std::string>;

struct Case {
    Words words;
    std::string expected; ///< "command | name=value …" or the error code
};

/// What the parser made of a line, as one comparable text.
std::string outcome(const Words& words) {
    const auto line = parse_line(words, all_commands());
    if (!line) return line.error().code;
    std::string out = line->command ? line->command->name() : "<" + line->group + ">";
    if (line->command) {
        for (const auto& positional : line->command->positionals)
            if (line->arguments.has(positional.name)) out += " " + line->arguments.text(positional.name);
        for (const auto& option : line->command->options)
            if (line->arguments.has(option.name))
                out += " " + std::string(option.name) +
                       (option.value.empty() ? "" : "=" + line->arguments.text(option.name));
    }
    for (const char* name : {"--host", "--lang", "--timeout"})
        if (line->globals.has(name)) out += " " + std::string(name) + "=" + line->globals.text(name);
    for (const char* name : {"--json", "--yes", "--no-color", "--verbose"})
        if (line->globals.has(name)) out += " " + std::string(name);
    if (line->help) out += " help";
    if (line->version) out += " version";
    return out;
}

const std::vector<Case>& cases() {
    static const std::vector<Case> kCases{
        {{}, "<>"},
        {{"status"}, "status"},
        {{"--version"}, "<> version"},
        {{"--help"}, "<> help"},
        {{"-h"}, "<> help"},
        {{"help"}, "<> help"},
        {{"help", "gpu", "add"}, "gpu add help"},
        {{"gpu"}, "<gpu>"},
        {{"gpu", "--help"}, "<gpu> help"},
        {{"gpu", "add", "--help"}, "gpu add help"},
        {{"vm", "list"}, "vm list"},
        {{"vm", "show", "win11"}, "vm show win11"},
        {{"vm", "show", "Windows 11 (2)"}, "vm show Windows 11 (2)"},
        {{"gpu", "add", "RTX 4070", "--vm", "win11"}, "gpu add RTX 4070 --vm=win11"},
        {{"gpu", "add", "--vm=win11", "RTX 4070"}, "gpu add RTX 4070 --vm=win11"},
        {{"gpu", "add", "RTX 4070", "--vm", "win11", "--dry-run", "--no-drivers", "--shutdown"},
         "gpu add RTX 4070 --vm=win11 --dry-run --no-drivers --shutdown"},
        {{"gpu", "add", "x", "--vm", "v", "--disk", "a.vhdx", "--partition", "3"},
         "gpu add x --vm=v --disk=a.vhdx --partition=3"},
        {{"gpu", "remove", "--vm", "win11", "--purge"}, "gpu remove --vm=win11 --purge"},
        {{"gpu", "remove", "RTX", "--vm", "win11"}, "gpu remove RTX --vm=win11"},
        // global options before, between and after
        {{"--host", "sim:large?vms=5", "vm", "list"}, "vm list --host=sim:large?vms=5"},
        {{"vm", "--json", "list"}, "vm list --json"},
        {{"vm", "list", "--json", "-y", "-v", "--no-color"}, "vm list --json --yes --no-color --verbose"},
        {{"status", "--lang", "zh-Hans", "--timeout", "5m"}, "status --lang=zh-Hans --timeout=5m"},
        {{"status", "--lang=en"}, "status --lang=en"},
        // values that look like something else
        {{"vm", "show", "list"}, "vm show list"},
        {{"vm", "show", "--", "--odd"}, "vm show --odd"},
        {{"gpu", "add", "x", "--vm=--odd"}, "gpu add x --vm=--odd"},
        {{"vm", "show", "status"}, "vm show status"},
        {{"sim", "reset", "status"}, "sim reset status"},
        {{"gpu", "--vm", "w", "add", "x"}, "gpu add x --vm=w"},
        {{"--vm", "gpu", "gpu", "add", "x"}, "gpu add x --vm=gpu"},
        {{"status", "-yv"}, "status --yes --verbose"},
        {{"vm", "show", "-"}, "vm show -"},
        {{"vm", "show", "游戏"}, "vm show 游戏"},
        {{"completion", "bash"}, "completion bash"},
        {{"sim", "reset"}, "sim reset"},
        {{"sim", "reset", "server2025"}, "sim reset server2025"},
        // errors
        {{"statsu"}, "cli.unknown_command_near"},
        {{"frobnicate"}, "cli.unknown_command"},
        {{"gpu", "ad"}, "cli.unknown_command_near"},
        {{"gpu", "frobnicate"}, "cli.unknown_command"},
        {{"status", "--jason"}, "cli.unknown_option_near"},
        {{"status", "--frobnicate"}, "cli.unknown_option"},
        {{"status", "--frobnicate=1"}, "cli.unknown_option"},
        {{"--frobnicate"}, "cli.unknown_option"},
        {{"vm", "list", "--dry-run"}, "cli.unknown_option"},
        {{"status", "now"}, "cli.unexpected_argument"},
        {{"vm", "show", "a", "b"}, "cli.unexpected_argument"},
        {{"gpu", "add", "RTX", "4070", "--vm", "w"}, "cli.unexpected_argument"},
        {{"vm", "show"}, "cli.missing_argument"},
        {{"gpu", "add", "x"}, "cli.missing_option"},
        {{"gpu", "add", "--vm", "x"}, "cli.missing_argument"},
        {{"gpu", "add", "x", "--vm"}, "cli.missing_value"},
        {{"status", "--host"}, "cli.missing_value"},
        {{"gpu", "add", "x", "--vm", "a", "--vm", "b"}, "cli.option_twice"},
        {{"gpu", "add", "x", "--vm", "--dry-run"}, "cli.missing_value"},
        {{"gpu", "add", "x", "--vm="}, "cli.missing_value"},
        {{"vm", "show", ""}, "cli.missing_argument"},
        {{"status", "--json=1"}, "cli.unexpected_value"},
        {{"status", "-x"}, "cli.unknown_option"},
        {{"status", "--lang", "de"}, "cli.bad_value"},
        {{"completion", "tcsh"}, "cli.bad_value"},
        {{"completion"}, "cli.missing_argument"},
    };
    return kCases;
}

TEST(ParseLine, UnderstandsTheTableOfCommandLines) {
    for (const Case& entry : cases())
        EXPECT_EQ(outcome(entry.words), entry.expected) << join(entry.words, " ");
}

TEST(ParseLine, NamesWhatItStumbledOver) {
    const auto command = parse_line({"gpu", "ad"}, all_commands());
    EXPECT_EQ(*command.error().arg("near"), "gpu add");
    const auto option = parse_line({"status", "--jason=1"}, all_commands());
    EXPECT_EQ(*option.error().arg("option"), "--jason");
    EXPECT_EQ(*option.error().arg("near"), "--json");
    const auto value = parse_line({"gpu", "add", "x", "--vm"}, all_commands());
    EXPECT_EQ(*value.error().arg("option"), "--vm");
}

TEST(HintsOf, ReadsLanguageAndFormOfALineThatDoesNotParse) {
    const auto hints = hints_of({"gpu", "ad", "--lang", "zh-Hans", "--json", "-v"});
    EXPECT_EQ(hints.language, "zh-Hans");
    EXPECT_TRUE(hints.json);
    EXPECT_TRUE(hints.verbose);
    EXPECT_EQ(hints_of({"--lang=en"}).language, "en");
    EXPECT_EQ(hints_of({"--lang"}).language, std::nullopt);
}

TEST(Nearest, FindsTypingErrorsAndNothingElse) {
    EXPECT_EQ(nearest("stauts", {"status", "sim"}), "status");
    EXPECT_EQ(nearest("zzzzzz", {"status", "sim"}), "");
    EXPECT_EQ(nearest(std::string(5000, 's'), {"status"}), "");
}

TEST(Arguments, NumbersAreWholeAndWithinBounds) {
    Arguments arguments;
    arguments.set("--partition", "3");
    arguments.set("--limit", "0x10");
    EXPECT_EQ(arguments.number("--partition", 1, 128, 0).value(), 3u);
    EXPECT_EQ(arguments.number("--partition", 4, 128, 0).error().code, "cli.bad_value");
    EXPECT_EQ(arguments.number("--limit", 1, 128, 0).error().code, "cli.bad_value");
    EXPECT_EQ(arguments.number("--absent", 1, 128, 7).value(), 7u);
}

} // namespace
} // namespace exhyperv::cli

#include "cli/commands/commands.h"
#include "cli/global_options.h"
#include "cli/help.h"
#include "cli/parser.h"
#include "support/strings.h"
#include "support/utf.h"
#include "text/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace exhyperv::cli {
namespace {

void expect_text(std::string_view key) {
    EXPECT_TRUE(text::find_text(key, text::Language::en)) << key;
}

TEST(CommandTable, HasATextForEveryKey) {
    for (const CommandSpec* command : all_commands()) {
        expect_text(command->summary);
        expect_text(command->details);
        if (!command->group.empty()) expect_text(group_summary(command->group));
        for (const auto& positional : command->positionals)
            expect_text(positional.help);
        for (const auto& option : command->options)
            expect_text(option.help);
        for (const auto& example : command->examples)
            expect_text(example.help);
        EXPECT_FALSE(command->examples.empty()) << command->name() << ": help teaches by example";
    }
    for (const auto& option : kGlobalOptions)
        expect_text(option.help);
    for (const auto& entry : exit_code_texts())
        expect_text(entry.key);
}

TEST(CommandTable, HasNoNameTwice) {
    std::set<std::string> names;
    for (const CommandSpec* command : all_commands()) {
        EXPECT_TRUE(names.insert(command->name()).second) << command->name();
        std::set<std::string_view> options;
        for (const auto& option : kGlobalOptions)
            options.insert(option.name);
        for (const auto& option : command->options)
            EXPECT_TRUE(options.insert(option.name).second) << option.name;
    }
}

/// Splits an example as a shell would; only double quotes occur in them.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words(1);
    bool quoted = false;
    for (char c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == ' ' && !quoted)
            words.emplace_back();
        else
            words.back() += c;
    }
    return words;
}

TEST(CommandTable, ExamplesAreCommandLinesOfTheirCommand) {
    for (const CommandSpec* command : all_commands())
        for (const auto& example : command->examples) {
            auto words = words_of(example.line);
            ASSERT_EQ(words.front(), "exhyperv") << example.line;
            words.erase(words.begin());
            if (const auto redirection =
                    std::ranges::find_if(words, [](const auto& word) { return word.starts_with('>'); });
                redirection != words.end())
                words.erase(redirection, words.end());
            const auto line = parse_line(words, all_commands());
            ASSERT_TRUE(line) << example.line << ": " << line.error().code;
            EXPECT_EQ(line->command, command) << example.line;
        }
}

TEST(Help, FitsTheWidthInBothLanguages) {
    for (const auto language : {text::Language::en, text::Language::zh_hans}) {
        Ui ui;
        ui.language = language;
        ui.width = 100;
        std::string all = program_help(all_commands(), ui) + group_help("gpu", all_commands(), ui);
        for (const CommandSpec* command : all_commands())
            all += command_help(*command, ui);
        for (const std::string& line : split(all, '\n'))
            EXPECT_LE(display_width(line), 102u) << line;
        EXPECT_EQ(all.find("cli."), std::string::npos) << "a key is shown instead of its text";
    }
}

TEST(Help, OfACommandShowsUsageOptionsAndExamples) {
    const std::string help = command_help(kGpuAdd, {});
    EXPECT_NE(help.find("exhyperv gpu add GPU --vm VM [OPTIONS]"), std::string::npos) << help;
    EXPECT_NE(help.find("--dry-run"), std::string::npos);
    EXPECT_NE(help.find("exhyperv gpu add \"RTX 4070\" --vm win11 --dry-run"), std::string::npos);
}

} // namespace
} // namespace exhyperv::cli

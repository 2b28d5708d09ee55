#include "cli/completion/completion.h"

#include "cli/commands/commands.h"
#include "cli/global_options.h"

#include <gtest/gtest.h>

namespace exhyperv::cli {
namespace {

TEST(Completion, OfEveryShellKnowsEveryCommandAndOption) {
    const Ui ui;
    const std::string scripts[] = {bash_completion(all_commands()), zsh_completion(all_commands(), ui),
                                   fish_completion(all_commands(), ui), powershell_completion(all_commands(), ui)};
    for (const std::string& script : scripts) {
        for (const CommandSpec* command : all_commands()) {
            EXPECT_NE(script.find(command->verb), std::string::npos) << command->verb;
            for (const OptionSpec* option : options_of(*command))
                EXPECT_NE(script.find(option->name.substr(2)), std::string::npos) << option->name;
        }
        EXPECT_NE(script.find("powershell"), std::string::npos) << "fixed values";
    }
}

TEST(Completion, QuotesHelpTextsInChinese) {
    Ui ui;
    ui.language = text::Language::zh_hans;
    EXPECT_NE(fish_completion(all_commands(), ui).find("列出虚拟机"), std::string::npos);
    EXPECT_NE(zsh_completion(all_commands(), ui).find("列出虚拟机"), std::string::npos);
}

} // namespace
} // namespace exhyperv::cli

#include "cli/completion/completion.h"

#include "cli/commands/commands.h"
#include "cli/global_options.h"

#include <algorithm>

namespace exhyperv::cli {

std::vector<Word> first_words(std::span<const CommandSpec* const> commands) {
    std::vector<Word> out;
    for (const CommandSpec* command : commands) {
        const Word word = command->group.empty() ? Word{std::string(command->verb), command->summary}
                                                 : Word{std::string(command->group), group_summary(command->group)};
        if (std::ranges::find(out, word.text, &Word::text) == out.end()) out.push_back(word);
    }
    return out;
}

std::vector<Word> verbs_of(std::span<const CommandSpec* const> commands, std::string_view group) {
    std::vector<Word> out;
    for (const CommandSpec* command : commands)
        if (command->group == group && !group.empty()) out.push_back({std::string(command->verb), command->summary});
    return out;
}

std::vector<const OptionSpec*> options_of(const CommandSpec& command) {
    std::vector<const OptionSpec*> out;
    for (const OptionSpec& option : command.options)
        out.push_back(&option);
    for (const OptionSpec& option : kGlobalOptions)
        out.push_back(&option);
    return out;
}

} // namespace exhyperv::cli

#include "cli/parser.h"

#include "cli/global_options.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::cli {
namespace {

using Commands = std::span<const CommandSpec* const>;

bool is_option(const std::string& word) {
    return word.size() > 1 && word.front() == '-';
}

template <class Options>
const OptionSpec* find_option(const Options& options, std::string_view name) {
    for (const OptionSpec& option : options)
        if (option.name == name) return &option;
    return nullptr;
}

/// The command that the words of a line seem to name, before it is known which of them are values of options.
const CommandSpec* likely_command(const std::vector<std::string>& line, Commands commands) {
    const auto after = [&](std::string_view word, std::size_t from) {
        while (from < line.size() && line[from] != word)
            ++from;
        return from + 1;
    };
    const CommandSpec* best = nullptr;
    for (const CommandSpec* command : commands) {
        const std::size_t group = command->group.empty() ? 0 : after(command->group, 0);
        if (group > line.size() || after(command->verb, group) > line.size()) continue;
        if (!best || (best->group.empty() && !command->group.empty())) best = command; // two words are the surer sign
    }
    return best;
}

/// An option by its name, of the likely command or else of whatever table has it: tells which words are values.
const OptionSpec* find_anywhere(Commands commands, const CommandSpec* likely, std::string_view name) {
    if (const auto* global = find_option(kGlobalOptions, name)) return global;
    if (const auto* own = likely ? find_option(likely->options, name) : nullptr) return own;
    for (const CommandSpec* command : commands)
        if (const auto* option = find_option(command->options, name)) return option;
    return nullptr;
}

std::string spoken(const CommandSpec* command, const std::string& group) {
    if (command) return "exhyperv " + command->name();
    return group.empty() ? "exhyperv" : "exhyperv " + group;
}

/// The words that may come next: first words, or the verbs of a group.
std::vector<std::string> next_words(Commands commands, const std::string& group) {
    std::vector<std::string> out;
    for (const CommandSpec* command : commands) {
        if (!group.empty() && command->group != group) continue;
        const std::string word(group.empty() && !command->group.empty() ? command->group : command->verb);
        if (std::ranges::find(out, word) == out.end()) out.push_back(word);
    }
    return out;
}

tl::unexpected<Error> unknown_command(Commands commands, const std::string& group, const std::string& word) {
    const std::string prefix = group.empty() ? "" : group + ' ';
    ErrorArgs args{{"word", prefix + word}, {"command", spoken(nullptr, group)}};
    const std::string near = nearest(word, next_words(commands, group));
    if (near.empty()) return fail("cli.unknown_command", std::move(args));
    args.emplace_back("near", prefix + near);
    return fail("cli.unknown_command_near", std::move(args));
}

tl::unexpected<Error> unknown_option(const ParsedLine& line, const std::string& name) {
    std::vector<std::string> known;
    for (const OptionSpec& option : kGlobalOptions)
        known.emplace_back(option.name);
    if (line.command)
        for (const OptionSpec& option : line.command->options)
            known.emplace_back(option.name);
    ErrorArgs args{{"option", name}, {"command", spoken(line.command, line.group)}};
    const std::string near = nearest(name, known);
    if (near.empty()) return fail("cli.unknown_option", std::move(args));
    args.emplace_back("near", near);
    return fail("cli.unknown_option_near", std::move(args));
}

/// The line in two parts: the words that are neither options nor their values, and the options with their values.
struct Parts {
    struct Given {
        std::string name;
        std::optional<std::string> value; ///< after '=', or the next word
        bool attached = false;            ///< written with '='
    };
    std::vector<std::string> words;
    std::vector<Given> options;
};

Parts split_line(const std::vector<std::string>& line, Commands commands) {
    Parts out;
    bool words_only = false;
    const CommandSpec* likely = likely_command(line, commands);
    for (std::size_t i = 0; i < line.size(); ++i) {
        const std::string& word = line[i];
        if (words_only || !is_option(word)) {
            out.words.push_back(word);
        } else if (word == "--") {
            words_only = true;
        } else if (!word.starts_with("--")) { // letters; none of them takes a value
            for (const char letter : word.substr(1)) {
                const auto option = std::ranges::find(kGlobalOptions, letter, &OptionSpec::letter);
                const bool known = option != std::end(kGlobalOptions);
                out.options.push_back({known ? std::string(option->name) : std::string("-") + letter, std::nullopt});
            }
        } else if (const auto equals = word.find('='); equals != std::string::npos) {
            out.options.push_back({word.substr(0, equals), word.substr(equals + 1), true});
        } else {
            const OptionSpec* option = find_anywhere(commands, likely, word);
            const bool takes_next = option && !option->value.empty() && i + 1 < line.size() && !is_option(line[i + 1]);
            out.options.push_back({word, takes_next ? std::optional(line[i + 1]) : std::nullopt});
            i += takes_next ? 1 : 0;
        }
    }
    return out;
}

Result<> find_command(Parts& parts, Commands commands, ParsedLine& line) {
    while (!line.command && !parts.words.empty()) {
        const std::string word = parts.words.front();
        bool is_group = false;
        for (const CommandSpec* command : commands) {
            if (command->group == line.group && command->verb == word) line.command = command;
            is_group = is_group || (line.group.empty() && command->group == word);
        }
        // A command may have commands below it ("serve", "serve passwd"): the longer name counts.
        if (line.command && is_group && parts.words.size() > 1)
            for (const CommandSpec* command : commands)
                if (command->group == word && command->verb == parts.words[1]) {
                    line.command = command;
                    line.group = word;
                    parts.words.erase(parts.words.begin());
                    break;
                }
        if (!line.command && !is_group) return unknown_command(commands, line.group, word);
        if (!line.command) line.group = word;
        parts.words.erase(parts.words.begin());
    }
    return {};
}

Result<> take_options(const Parts& parts, ParsedLine& line) {
    for (const auto& [name, value, attached] : parts.options) {
        const OptionSpec* global = find_option(kGlobalOptions, name);
        const OptionSpec* own = line.command ? find_option(line.command->options, name) : nullptr;
        const OptionSpec* option = own ? own : global;
        if (!option) return unknown_option(line, name);
        Arguments& target = own ? line.arguments : line.globals;
        if (option->value.empty()) {
            if (attached) return fail("cli.unexpected_value", {{"option", name}, {"value", *value}});
            if (!target.has(name)) target.set(option->name, ""); // a switch twice means the same
            continue;
        }
        if (!value || value->empty()) return fail("cli.missing_value", {{"option", name}});
        if (!option->many && target.has(name)) return fail("cli.option_twice", {{"option", name}});
        target.set(option->name, *value);
    }
    return {};
}

Result<> take_positionals(const Parts& parts, ParsedLine& line) {
    if (!line.command) return {};
    const auto& specs = line.command->positionals;
    for (std::size_t i = 0; i < parts.words.size(); ++i) {
        const PositionalSpec* spec = i < specs.size() ? &specs[i] : nullptr;
        if (!spec && !specs.empty() && specs.back().many) spec = &specs.back();
        if (!spec)
            return fail("cli.unexpected_argument",
                        {{"argument", parts.words[i]}, {"command", spoken(line.command, line.group)}});
        line.arguments.set(spec->name, parts.words[i]);
    }
    return {};
}

Result<> check_choice(std::string_view name, std::span<const std::string_view> choices, const Arguments& given) {
    if (choices.empty() || !given.has(name) || std::ranges::find(choices, given.text(name)) != choices.end()) return {};
    return fail("cli.bad_value", {{"option", std::string(name)},
                                  {"value", given.text(name)},
                                  {"expected", join(std::vector<std::string>(choices.begin(), choices.end()), ", ")}});
}

Result<> check_choices(const ParsedLine& line) {
    for (const OptionSpec& spec : kGlobalOptions)
        TRY(check_choice(spec.name, spec.choices, line.globals));
    if (!line.command) return {};
    for (const OptionSpec& spec : line.command->options)
        TRY(check_choice(spec.name, spec.choices, line.arguments));
    for (const PositionalSpec& spec : line.command->positionals)
        TRY(check_choice(spec.name, spec.choices, line.arguments));
    return {};
}

Result<> check_required(const ParsedLine& line) {
    if (!line.command || line.help || line.version) return {};
    const std::string command = spoken(line.command, line.group);
    for (const PositionalSpec& spec : line.command->positionals)
        if (spec.required && (!line.arguments.has(spec.name) || line.arguments.text(spec.name).empty()))
            return fail("cli.missing_argument", {{"argument", std::string(spec.name)}, {"command", command}});
    for (const OptionSpec& spec : line.command->options)
        if (spec.required && !line.arguments.has(spec.name))
            return fail("cli.missing_option",
                        {{"option", std::string(spec.name) + ' ' + std::string(spec.value)}, {"command", command}});
    return {};
}

} // namespace

LineHints hints_of(const std::vector<std::string>& words) {
    LineHints hints;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--json")
            hints.json = true;
        else if (words[i] == "--no-color")
            hints.no_color = true;
        else if (words[i] == "--verbose" || words[i] == "-v")
            hints.verbose = true;
        else if (words[i] == "--lang" && i + 1 < words.size())
            hints.language = words[i + 1];
        else if (words[i].starts_with("--lang="))
            hints.language = words[i].substr(7);
    }
    return hints;
}

Result<ParsedLine> parse_line(const std::vector<std::string>& words, Commands commands) {
    std::vector<std::string> given = words;
    if (!given.empty() && given.front() == "help") {
        given.erase(given.begin());
        given.emplace_back("--help");
    }
    Parts parts = split_line(given, commands);
    ParsedLine line;
    TRY(find_command(parts, commands, line));
    TRY(take_options(parts, line));
    TRY(take_positionals(parts, line));
    line.help = line.globals.has("--help");
    line.version = line.globals.has("--version");
    TRY(check_choices(line));
    TRY(check_required(line));
    return line;
}

} // namespace exhyperv::cli

#include "cli/parser.h"

#include "cli/global_options.h"
#include "support/strings.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <deque>
#include <map>

namespace exhyperv::cli {
namespace {

/// CLI11 takes the line apart; what is required, allowed or unknown is judged here, so that the errors have codes and
/// languages.
class LineParser {
  public:
    explicit LineParser(std::span<const CommandSpec* const> commands) : commands_(commands) {
        prepare(root_);
        for (const OptionSpec& option : kGlobalOptions)
            add(root_, option);
        for (const CommandSpec* command : commands_) {
            CLI::App* parent = &root_;
            if (!command->group.empty()) parent = group(std::string(command->group));
            CLI::App* app = parent->add_subcommand(std::string(command->verb));
            prepare(*app);
            apps_.emplace_back(command, app);
            for (const OptionSpec& option : command->options)
                add(*app, option);
            for (const PositionalSpec& positional : command->positionals) {
                Slot& slot = slots_.emplace_back(Slot{app, positional.name, positional.choices, {}, nullptr});
                slot.option = app->add_option(std::string(positional.name), slot.value);
            }
        }
    }

    Result<ParsedLine> parse(const std::vector<std::string>& words) {
        try {
            root_.parse(std::vector<std::string>(words.rbegin(), words.rend())); // CLI11 wants it from the end
        } catch (const CLI::ParseError& problem) {
            return explain(problem);
        }
        ParsedLine out;
        for (const auto& [name, app] : groups_)
            if (app->parsed()) out.group = name;
        CLI::App* chosen = nullptr;
        for (const auto& [command, app] : apps_)
            if (app->parsed()) {
                out.command = command;
                chosen = app;
            }
        for (const Slot& slot : slots_) {
            if (slot.option->count() == 0) continue;
            if (slot.app == &root_)
                out.globals.set(slot.name, slot.value);
            else if (slot.app == chosen)
                out.arguments.set(slot.name, slot.value);
        }
        out.help = out.globals.has("--help");
        out.version = out.globals.has("--version");
        TRY(refuse_leftovers(out));
        TRY(check_choices(chosen));
        if (!out.help && !out.version && out.command) TRY(check_required(out));
        return out;
    }

  private:
    struct Slot {
        CLI::App* app;
        std::string_view name;
        std::span<const std::string_view> choices;
        std::string value;
        CLI::Option* option;
    };

    static void prepare(CLI::App& app) {
        app.set_help_flag();
        app.allow_extras();
        app.fallthrough();
        app.allow_windows_style_options(false);
    }

    CLI::App* group(const std::string& name) {
        auto& app = groups_[name];
        if (!app) {
            app = root_.add_subcommand(name);
            prepare(*app);
        }
        return app;
    }

    void add(CLI::App& app, const OptionSpec& spec) {
        Slot& slot = slots_.emplace_back(Slot{&app, spec.name, spec.choices, {}, nullptr});
        std::string names(spec.name);
        if (spec.letter) names = std::string("-") + spec.letter + ',' + names;
        slot.option = spec.value.empty() ? app.add_flag(names) : app.add_option(names, slot.value);
    }

    tl::unexpected<Error> explain(const CLI::ParseError& problem) const {
        const std::string text = problem.what();
        const std::string subject = text.substr(0, text.find_first_of(": ")); // CLI11 begins with the option's name
        if (subject.starts_with("--")) {
            if (text.find("missing") != std::string::npos)
                return fail("cli.missing_value", {{"option", subject}}, text);
            for (const Slot& slot : slots_)
                if (slot.name == subject && slot.option->count() > 1)
                    return fail("cli.option_twice", {{"option", subject}}, text);
        }
        return fail("cli.bad_line", {{"reason", text}}, text);
    }

    [[nodiscard]] std::vector<std::string> words_after(const ParsedLine& line) const {
        std::vector<std::string> out;
        for (const CommandSpec* command : commands_) {
            if (line.group.empty()) {
                const std::string first(command->group.empty() ? command->verb : command->group);
                if (std::ranges::find(out, first) == out.end()) out.push_back(first);
            } else if (command->group == line.group) {
                out.emplace_back(command->verb);
            }
        }
        return out;
    }

    [[nodiscard]] Result<> refuse_leftovers(const ParsedLine& line) const {
        const std::vector<std::string> rest = root_.remaining(true);
        if (rest.empty()) return {};
        const std::string command = line.command ? line.command->name() : line.group;
        const std::string spoken = command.empty() ? "exhyperv" : "exhyperv " + command;
        const auto option = std::ranges::find_if(rest, [](const std::string& word) { return word.starts_with('-'); });
        if (!line.command && rest.front()[0] != '-') {
            const std::string near = nearest(rest.front(), words_after(line));
            const std::string word = line.group.empty() ? rest.front() : line.group + ' ' + rest.front();
            if (near.empty()) return fail("cli.unknown_command", {{"word", word}, {"command", spoken}});
            return fail(
                "cli.unknown_command_near",
                {{"word", word}, {"command", spoken}, {"near", line.group.empty() ? near : line.group + ' ' + near}});
        }
        if (option != rest.end()) {
            const std::string name = option->substr(0, option->find('='));
            std::vector<std::string> known;
            for (const OptionSpec& spec : kGlobalOptions)
                known.emplace_back(spec.name);
            if (line.command)
                for (const OptionSpec& spec : line.command->options)
                    known.emplace_back(spec.name);
            const std::string near = nearest(name, known);
            if (near.empty()) return fail("cli.unknown_option", {{"option", name}, {"command", spoken}});
            return fail("cli.unknown_option_near", {{"option", name}, {"command", spoken}, {"near", near}});
        }
        return fail("cli.unexpected_argument", {{"argument", rest.front()}, {"command", spoken}});
    }

    [[nodiscard]] Result<> check_choices(const CLI::App* chosen) const {
        for (const Slot& slot : slots_) {
            if (slot.choices.empty() || slot.option->count() == 0 || (slot.app != chosen && slot.app != &root_))
                continue;
            if (std::ranges::find(slot.choices, slot.value) != slot.choices.end()) continue;
            return fail("cli.bad_value",
                        {{"option", std::string(slot.name)},
                         {"value", slot.value},
                         {"expected", join(std::vector<std::string>(slot.choices.begin(), slot.choices.end()), ", ")}});
        }
        return {};
    }

    [[nodiscard]] static Result<> check_required(const ParsedLine& line) {
        const std::string spoken = "exhyperv " + line.command->name();
        for (const PositionalSpec& spec : line.command->positionals)
            if (spec.required && !line.arguments.has(spec.name))
                return fail("cli.missing_argument", {{"argument", std::string(spec.name)}, {"command", spoken}});
        for (const OptionSpec& spec : line.command->options)
            if (spec.required && !line.arguments.has(spec.name))
                return fail("cli.missing_option",
                            {{"option", std::string(spec.name) + ' ' + std::string(spec.value)}, {"command", spoken}});
        return {};
    }

    std::span<const CommandSpec* const> commands_;
    CLI::App root_;
    std::map<std::string, CLI::App*> groups_;
    std::vector<std::pair<const CommandSpec*, CLI::App*>> apps_;
    std::deque<Slot> slots_; // CLI11 keeps references into it
};

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

Result<ParsedLine> parse_line(const std::vector<std::string>& words, std::span<const CommandSpec* const> commands) {
    std::vector<std::string> line = words;
    if (!line.empty() && line.front() == "help") {
        line.erase(line.begin());
        line.emplace_back("--help");
    }
    return LineParser(commands).parse(line);
}

} // namespace exhyperv::cli

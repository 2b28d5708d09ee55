#include "cli/cli.h"

#include "app/config.h"
#include "app/log_file.h"
#include "cli/commands/commands.h"
#include "cli/help.h"
#include "cli/invocation.h"
#include "cli/parser.h"
#include "platform/desktop.h"
#include "platform/hidden_input.h"
#include "platform/process.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <cstdio>

namespace exhyperv::cli {
namespace {

constexpr int kOut = 1, kErr = 2, kIn = 0;

text::Language language_of(const std::optional<std::string>& option, const app::Config& config) {
    for (const auto& wish : {option, config.language})
        if (wish && *wish != "auto")
            if (const auto language = text::parse_language(*wish)) return *language;
    return text::parse_language(platform::preferred_language()).value_or(text::Language::en);
}

bool wants_color(int stream, const LineHints& hints) {
    return !hints.no_color && !platform::environment("NO_COLOR") && platform::environment("TERM") != "dumb" &&
           platform::is_terminal(stream);
}

Output make_output(const LineHints& hints, text::Language language) {
    // Piped output is not cut to a terminal's width: what a program or a file gets must be whole.
    constexpr int kUnbounded = 100'000, kErrorWidth = 100;
    const bool terminal = platform::is_terminal(kOut);
    Ui ui{language, wants_color(kOut, hints), hints.verbose, terminal ? platform::terminal_width() : kUnbounded};
    Ui error_ui{language, wants_color(kErr, hints), hints.verbose,
                platform::is_terminal(kErr) ? platform::terminal_width() : kErrorWidth};
    return {stdout, stderr, ui, error_ui, hints.json, terminal && platform::environment("TERM") != "dumb"};
}

/// Only the names of a program that was called by path are kept as typed: then the bare name may not be found.
std::string program_name(const std::string& typed) {
    return typed.find_first_of("/\\") == std::string::npos ? "exhyperv" : shell_word(typed);
}

Result<Invocation::Settings> settings_of(const ParsedLine& line, const app::Config& config,
                                         const std::string& program) {
    Invocation::Settings settings;
    settings.program = program_name(program);
    TRY_ASSIGN(settings.data_directory, platform::data_directory());
    settings.host_given = line.globals.has("--host");
    settings.host =
        settings.host_given ? line.globals.text("--host") : config.default_host.value_or(app::default_host_uri());
    settings.yes = line.globals.has("--yes");
    settings.can_ask = platform::is_terminal(kIn) && platform::is_terminal(kOut);
    if (const auto given = line.globals.maybe("--timeout")) {
        settings.timeout = app::parse_duration(*given);
        if (!settings.timeout || settings.timeout->count() == 0)
            return fail("cli.bad_value", {{"option", "--timeout"}, {"value", *given}, {"expected", "30, 90s, 5m, 1h"}});
    }
    return settings;
}

Result<ExitCode> run_command(const ParsedLine& line, const app::Config& config, const std::string& program,
                             const std::vector<std::string>& words, Output& output) {
    TRY_ASSIGN(auto settings, settings_of(line, config, program));
    settings.words = words;
    const app::LogFile log_file(settings.data_directory, output.ui().verbose ? LogLevel::debug : LogLevel::info);
    Invocation call(*line.command, line.arguments, std::move(settings), output);
    auto code = line.command->run(call);
    if (code)
        log(LogLevel::debug, fmt::format("{}: exit code {}", line.command->name(), static_cast<int>(*code)));
    else
        log(LogLevel::error, fmt::format("{}: {}", line.command->name(), describe(code.error())));
    return code;
}

int finish(Output& output, const CommandSpec* command, const Result<ExitCode>& result) {
    if (!result) output.error(result.error());
    const int code = static_cast<int>(result ? *result : exit_code_of(result.error()));
    output.finish(command ? command->name() : "", code);
    return code;
}

/// Help is given in the language asked for, even when the configuration is broken.
int show_help(const ParsedLine& line, const Output& output) {
    Ui ui = output.ui();
    ui.width = std::min(ui.width, 100);
    const auto commands = all_commands();
    const bool named = line.command || !line.group.empty() || line.help;
    const std::string text = line.command          ? command_help(*line.command, ui)
                             : !line.group.empty() ? group_help(line.group, commands, ui)
                                                   : program_help(commands, ui);
    const bool asked = line.help || !named;
    std::fwrite(text.data(), 1, text.size(), asked ? stdout : stderr);
    return static_cast<int>(asked ? ExitCode::done
                                  : ExitCode::usage); // a group without a verb does nothing: scripts must see it
}

/// A double click means the page. Its console goes away with the program: what went wrong must stay readable.
int run_from_desktop(const std::string& program) {
    const int code = run(program, {"ui"});
    if (code != 0) {
        const auto language = text::parse_language(platform::preferred_language()).value_or(text::Language::en);
        std::fputs((text::render(Message{"cli.press_enter", {}}, language) + ' ').c_str(), stdout);
        std::fflush(stdout);
        (void)platform::read_hidden_line();
    }
    return code;
}

} // namespace

int run(const std::string& program, const std::vector<std::string>& words) {
    if (words.empty() && platform::started_by_double_click()) return run_from_desktop(program);
    if (words.size() == 1 && words.front() == "--version") { // the quickest way out: nothing is read
        std::puts("exhyperv " EXHYPERV_VERSION);
        return 0;
    }
    const LineHints hints = hints_of(words);
    const auto data = platform::data_directory();
    const auto config = data ? app::load_config(*data) : Result<app::Config>(app::Config{});
    Output output = make_output(hints, language_of(hints.language, config ? *config : app::Config{}));

    const auto line = parse_line(words, all_commands());
    if (!line) return finish(output, nullptr, fail(line.error()));
    if (line->version) {
        std::puts("exhyperv " EXHYPERV_VERSION);
        return 0;
    }
    if (line->help || !line->command) return show_help(*line, output);
    if (!config) return finish(output, line->command, fail(config.error()));
    return finish(output, line->command, run_command(*line, *config, program, words, output));
}

} // namespace exhyperv::cli

#pragma once

#include "app/session.h"
#include "cli/command.h"
#include "cli/output.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::cli {

/// What a command was called with, and the way to its host. Lives as long as the command runs.
class Invocation {
  public:
    struct Settings {
        std::string program = "exhyperv"; ///< how the user called it: examples on the screen can be copied
        std::string data_directory;
        std::string host;        ///< URI, as given or by default
        bool host_given = false; ///< by --host: commands that are shown repeat it
        std::optional<std::chrono::milliseconds> timeout;
        std::vector<std::string> words; ///< the command line, without the program's name
        bool yes = false;
        bool can_ask = false; ///< standard input and output are a terminal
    };
    Invocation(const CommandSpec& spec, Arguments given, Settings settings, Output& output)
        : command(spec), arguments(std::move(given)), output(output), settings_(std::move(settings)) {}

    const CommandSpec& command;
    const Arguments arguments;
    Output& output;

    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] Result<app::HostUri> host_uri() const { return app::parse_host_uri(settings_.host); }
    /// The host, opened on first use. Announces operations that a dead process left open, unless `announce` is false.
    Result<app::Session*> session(bool announce = true);
    /// For looking: one minute, or --timeout.
    [[nodiscard]] CallContext look_context() const;
    /// For changing: one hour, or --timeout; `cancel` stops it at the next safe place.
    [[nodiscard]] CallContext change_context(const CancelToken& cancel) const;

    /// Asks, unless --yes. Errors: cli.confirmation_needed (nobody there to ask), cli.declined.
    Result<> confirm(std::string_view question_key);

    /// A command line of this program, as the user can type it: with --host when one was given.
    [[nodiscard]] std::string own_command(std::string_view rest) const;

  private:
    void tell_open(const assign::HistoryEntry& entry);

    Settings settings_;
    std::unique_ptr<app::Session> session_;
};

/// The word as a shell takes it: quoted when it has blanks or other special characters.
[[nodiscard]] std::string shell_word(std::string_view word);

} // namespace exhyperv::cli

#include "cli/invocation.h"

#include "platform/file.h"
#include "support/strings.h"

#include <iostream>

namespace exhyperv::cli {
namespace {
constexpr auto kLookTime = std::chrono::minutes(1);
constexpr auto kChangeTime = std::chrono::hours(1);
} // namespace

Result<app::Session*> Invocation::session(bool announce) {
    if (session_) return session_.get();
    TRY_ASSIGN(const app::HostUri uri, host_uri());
    // The session keeps this sink: a simulated host makes a disk or a driver package when it is first looked into.
    const ProgressSink first_use = [this, text = uri.text, told = false](const Progress&) mutable {
        if (told) return;
        told = true;
        if (output.live()) output.print("\r\x1b[2K"); // a step may be under way
        output.aside(output.ui().text("cli.first_use", {{"host", text}}));
    };
    if (const auto made = platform::make_directories(settings_.data_directory); !made)
        return fail("app.data_directory", {{"path", settings_.data_directory}}, describe(made.error()));
    TRY_ASSIGN(session_, app::Session::open(uri, settings_.data_directory, first_use));
    if (uri.remote()) output.notice({"cli.remote_view", {{"host", uri.text}}}, "host.remote");
    if (announce) {
        TRY_ASSIGN(const auto open, session_->open_operations());
        for (const auto& entry : open)
            tell_open(entry);
    }
    return session_.get();
}

void Invocation::tell_open(const assign::HistoryEntry& entry) {
    const std::string title = output.ui().text(entry.plan.title);
    if (entry.state == assign::HistoryEntry::State::damaged) {
        output.notice({"cli.damaged_operation",
                       {{"title", title},
                        {"problem", output.ui().text("error." + entry.error->code + ".title", entry.error->args)},
                        {"command", own_command("recover --accept " + shell_word(entry.plan.id))}}},
                      "operation.damaged");
        return;
    }
    output.notice(
        {entry.undoing ? "cli.half_undone_operation" : "cli.open_operation",
         {{"title", title}, {"command", own_command("recover")}, {"resume", own_command("recover --resume")}}},
        "operation.open");
}

CallContext Invocation::look_context() const {
    return CallContext::within(settings_.timeout.value_or(kLookTime));
}

CallContext Invocation::change_context(const CancelToken& cancel) const {
    return {Deadline::after(settings_.timeout.value_or(kChangeTime)), cancel};
}

Result<> Invocation::confirm(std::string_view question_key) {
    if (settings_.yes) return {};
    if (!settings_.can_ask || output.json())
        return fail("cli.confirmation_needed", {{"command", "exhyperv " + command.name()}});
    const Ui& ui = output.ui();
    output.print(ui.paint(Tone::strong, ui.text(question_key)) + ' ' + ui.text("cli.confirm.choices") + ' ');
    std::string answer;
    if (!std::getline(std::cin, answer)) output.line();
    answer = ascii_lower(trim(answer));
    output.line();
    if (answer == "y" || answer == "yes" || answer == "是" || answer == "好") return {};
    return fail("cli.declined");
}

std::string Invocation::own_command(std::string_view rest) const {
    std::string out = settings_.program + ' ' + std::string(rest);
    if (settings_.host_given) out += " --host " + shell_word(settings_.host);
    return out;
}

std::string shell_word(std::string_view word) {
    const std::string plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
    if (word.find_first_of("\"$`\\!") == std::string_view::npos) return '"' + std::string(word) + '"';
    return '\'' + replace_all(std::string(word), "'", "'\\''") + '\'';
}

} // namespace exhyperv::cli

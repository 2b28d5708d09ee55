#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "platform/hidden_input.h"
#include "server/passwords.h"

namespace exhyperv::cli {
namespace {

constexpr std::string_view kRoles[] = {"viewer", "operator"};
constexpr PositionalSpec kPositionals[] = {{.name = "USER", .help = "serve.arg.user"}};
constexpr OptionSpec kOptions[] = {
    {.name = "--role", .value = "ROLE", .help = "serve.opt.role", .offer = Offer::choices, .choices = kRoles},
    {.name = "--remove", .help = "serve.opt.remove"},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv serve passwd admin --role operator", "serve.passwd.example"},
    {"exhyperv serve passwd guest", "serve.passwd.example_viewer"},
    {"exhyperv serve passwd guest --remove", "serve.passwd.example_remove"},
};

/// From the terminal without showing it, twice; or one line from a pipe.
Result<std::string> ask(Invocation& call) {
    const Ui& ui = call.output.ui();
    const bool terminal = call.settings().can_ask;
    if (terminal) call.output.print(ui.text("serve.passwd.first") + ' ');
    TRY_ASSIGN(std::string first, platform::read_hidden_line());
    if (!terminal) return first;
    call.output.line();
    call.output.print(ui.text("serve.passwd.again") + ' ');
    TRY_ASSIGN(const std::string second, platform::read_hidden_line());
    call.output.line();
    if (first != second) return fail("serve.passwords_differ");
    return first;
}

Result<ExitCode> run(Invocation& call) {
    const std::string user = call.arguments.text("USER");
    if (call.arguments.has("--remove")) {
        TRY(server::remove_account(call.settings().data_directory, user));
        call.output.line(call.output.ui().text("serve.passwd.done_removed", {{"user", user}}));
        return ExitCode::done;
    }
    const auto role = call.arguments.text("--role") == "operator" ? api::Role::operator_ : api::Role::viewer;
    TRY_ASSIGN(const std::string password, ask(call));
    TRY(server::set_password(call.settings().data_directory, user, password, role));
    call.output.line(call.output.ui().text(
        role == api::Role::operator_ ? "serve.passwd.done_operator" : "serve.passwd.done_viewer", {{"user", user}}));
    return ExitCode::done;
}

} // namespace

const CommandSpec kServePasswd{
    "serve", "passwd", "serve.passwd.summary", "serve.passwd.details", kPositionals, kOptions, kExamples, run};

} // namespace exhyperv::cli

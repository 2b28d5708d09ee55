#include "cli/completion/completion.h"

#include "cli/commands/commands.h"
#include "cli/invocation.h"

namespace exhyperv::cli {
namespace {

constexpr std::string_view kShells[] = {"bash", "zsh", "fish", "powershell"};
constexpr PositionalSpec kPositionals[] = {
    {.name = "SHELL", .help = "cli.arg.shell", .offer = Offer::choices, .choices = kShells}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv completion bash > ~/.local/share/bash-completion/completions/exhyperv", "cli.completion.example_bash"},
    {"exhyperv completion zsh > ~/.zfunc/_exhyperv", "cli.completion.example_zsh"},
    {"exhyperv completion fish > ~/.config/fish/completions/exhyperv.fish", "cli.completion.example_fish"},
    {"exhyperv completion powershell >> $PROFILE", "cli.completion.example_powershell"},
};

Result<ExitCode> run(Invocation& call) {
    const std::string shell = call.arguments.text("SHELL");
    const Ui& ui = call.output.ui();
    if (shell == "bash")
        call.output.print(bash_completion(all_commands()));
    else if (shell == "zsh")
        call.output.print(zsh_completion(all_commands(), ui));
    else if (shell == "fish")
        call.output.print(fish_completion(all_commands(), ui));
    else
        call.output.print(powershell_completion(all_commands(), ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kCompletion{
    "", "completion", "cli.completion.summary", "cli.completion.details", kPositionals, {}, kExamples, run};

} // namespace exhyperv::cli

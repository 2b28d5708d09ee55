#include "cli/commands/commands.h"
#include "cli/documents/device_document.h"
#include "cli/invocation.h"
#include "cli/views/device_view.h"

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {.name = "--vm", .value = "VM", .help = "cli.display_advise.opt_vm", .required = true}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv display advise --vm win11", "cli.display_advise.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto advice, session->advise_display(call.arguments.text("--vm"), call.look_context()));
    std::vector<std::string> commands;
    for (const auto& adapter : advice.adapters)
        commands.push_back(adapter.verdict == assign::Assignability::no
                               ? std::string()
                               : call.own_command("device assign " + shell_word(adapter.controller) + " --vm " +
                                                  shell_word(advice.vm_name)));
    const auto& ui = call.output.ui();
    call.output.result(display_advice_document(advice, commands, ui.language));
    call.output.print(display_advice_text(advice, commands, ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kDisplayAdvise{
    "display", "advise", "cli.display_advise.summary", "cli.display_advise.details", {}, kOptions, kExamples, run};

} // namespace exhyperv::cli

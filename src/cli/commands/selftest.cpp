#include "cli/commands/commands.h"
#include "cli/documents/selftest_document.h"
#include "cli/invocation.h"
#include "cli/views/plan_view.h"
#include "platform/file.h"

namespace exhyperv::cli {
namespace {

constexpr std::string_view kUsualReport = "exhyperv-selftest.json";

constexpr OptionSpec kOptions[] = {
    {.name = "--report", .value = "FILE", .help = "cli.selftest.opt.report", .offer = Offer::file},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv selftest", "cli.selftest.example"},
    {"exhyperv selftest --report my-host.json", "cli.selftest.example_report"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    const Ui& ui = call.output.ui();
    const auto found = session->selftest(call.look_context());
    const auto document = selftest_document(found, session->uri().text, ui.language);
    const std::string file = call.arguments.maybe("--report").value_or(std::string(kUsualReport));
    TRY(platform::write_file_atomically(file, document_text(document)));

    assign::Plan shown; // the checks are shown as those of a plan are
    shown.checks = found.checks;
    call.output.print(checks_in_full(shown, ui));
    call.output.line();
    call.output.print(paragraph("", ui.text("cli.selftest.report", {{"file", file}}), ui));
    call.output.result(selftest_document(found, session->uri().text, ui.language));
    return found.failed() ? ExitCode::refused : ExitCode::done;
}

} // namespace

const CommandSpec kSelfTest{"",        "selftest", "cli.selftest.summary", "cli.selftest.details", {}, kOptions,
                            kExamples, run};

} // namespace exhyperv::cli

#include "app/interrupt.h"
#include "assign/image_drivers.h"
#include "cli/change.h"
#include "cli/commands/commands.h"
#include "cli/documents/image.h"
#include "cli/views/image_view.h"
#include "cli/views/progress_line.h"
#include "text/quantity.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "IMAGE", .help = "cli.arg.image", .offer = Offer::file}};
constexpr OptionSpec kOptions[] = {
    {.name = "--card", .value = "CARD", .help = "cli.opt.card_purge"},
    kPartitionOption,
    kEngineOption,
    kDryRunOption,
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv guest purge golden.vhdx --dry-run", "cli.guest_purge.example_dry_run"},
    {"exhyperv guest purge golden.vhdx --yes", "cli.guest_purge.example"},
};

Result<ExitCode> run(Invocation& call) {
    Output& output = call.output;
    const Ui& ui = output.ui();
    const bool dry_run = call.arguments.has("--dry-run");
    assign::ImagePurgeRequest request;
    request.image = call.arguments.text("IMAGE");
    request.card = call.arguments.text("--card");
    request.engine = engine_wish(call.arguments);
    TRY_ASSIGN(request.partition, call.arguments.number("--partition", 1, 128, 0));
    if (!dry_run) TRY(assign::settle_image(request.image, request.partition));
    TRY_ASSIGN(const auto purge, assign::plan_image_purge(request, call.look_context()));
    output.result(image_purge_document(purge, nullptr, dry_run, ui.language));
    output.print(image_purge_text(purge, ui) + '\n');
    if (purge.plan.nothing_to_do()) {
        output.print(paragraph("", ui.text("cli.guest_purge.nothing"), ui));
        return ExitCode::done;
    }
    if (dry_run) {
        output.print(paragraph("", ui.text("cli.plan.dry_run_end"), ui));
        return ExitCode::done;
    }
    TRY(call.confirm("cli.gpu_add.question"));
    request.extras_confirmed = true; // their names were shown above

    const CancelToken cancel;
    const auto began = std::chrono::steady_clock::now();
    auto result = [&] {
        const app::InterruptGuard guard(cancel);
        ProgressLine line(output, ui.text("cli.image.purging"), 2, true);
        return assign::run_image_purge(
            request, [&](const Progress& progress) { line.update(progress); }, call.change_context(cancel));
    }();
    if (!result) return fail(std::move(result).error());
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    output.result(image_purge_document(result->purge, &*result, false, ui.language));
    output.print(ui.paint(Tone::strong, ui.text("cli.done.read_back")) + '\n' + image_purge_result_text(*result, ui));
    output.print('\n' + ui.paint(Tone::good, "✓ ") +
                 ui.text("cli.done.done", {{"time", text::format_duration(took, ui.language)}}) + '\n');
    return ExitCode::done;
}

} // namespace

const CommandSpec kGuestPurge{
    "guest", "purge", "cli.guest_purge.summary", "cli.guest_purge.details", kPositionals, kOptions, kExamples, run};

} // namespace exhyperv::cli

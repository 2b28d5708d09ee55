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
    {.name = "--driver-store",
     .value = "DIRECTORY",
     .help = "cli.opt.driver_store",
     .required = true,
     .offer = Offer::file},
    {.name = "--card", .value = "PCI\\VEN_…", .help = "cli.opt.card", .required = true},
    {.name = "--package", .value = "FOLDER", .help = "cli.opt.package"},
    {.name = "--copy", .help = "cli.opt.copy"},
    kExtraOption,
    kFullStoreOption,
    kOnlyNeededOption,
    kPartitionOption,
    kEngineOption,
    kDryRunOption,
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv guest import a.vhdx --driver-store /srv/store --card 'PCI\\VEN_10DE&DEV_2786' --dry-run",
     "cli.guest_import.example_dry_run"},
    {"exhyperv guest import a.vhdx --driver-store /srv/store --card 'PCI\\VEN_10DE&DEV_2786' --yes",
     "cli.guest_import.example"},
};

Result<assign::ImageImportRequest> request_of(const Invocation& call) {
    assign::ImageImportRequest request;
    request.image = call.arguments.text("IMAGE");
    request.store = {call.arguments.text("--driver-store"), call.arguments.text("--card"),
                     call.arguments.text("--package")};
    request.copy = call.arguments.has("--copy");
    request.scope = scope_wish(call.arguments);
    request.engine = engine_wish(call.arguments);
    TRY_ASSIGN(request.partition, call.arguments.number("--partition", 1, 128, 0));
    return request;
}

Result<ExitCode> run(Invocation& call) {
    Output& output = call.output;
    const Ui& ui = output.ui();
    const bool dry_run = call.arguments.has("--dry-run");
    TRY_ASSIGN(const auto request, request_of(call));
    if (!dry_run) TRY(assign::settle_image(request.image, request.partition));
    TRY_ASSIGN(const auto import, assign::plan_image_import(request, call.look_context()));
    output.result(image_import_document(import, nullptr, dry_run, ui.language));
    output.print(image_import_text(import, ui) + '\n');
    if (import.plan.nothing_to_do()) {
        output.print(paragraph("", ui.text("cli.guest_import.nothing"), ui));
        return ExitCode::done;
    }
    if (dry_run) {
        output.print(paragraph("", ui.text(import.fits() ? "cli.plan.dry_run_end" : "cli.plan.would_be_refused"), ui));
        return import.fits() ? ExitCode::done : ExitCode::refused;
    }
    if (import.fits()) TRY(call.confirm("cli.gpu_add.question")); // else the engine's own refusal is the error

    const CancelToken cancel;
    const auto began = std::chrono::steady_clock::now();
    auto result = [&] {
        const app::InterruptGuard guard(cancel);
        ProgressLine line(output, ui.text("cli.image.importing"), 2, true);
        return assign::run_image_import(
            request, [&](const Progress& progress) { line.update(progress); }, call.change_context(cancel));
    }();
    if (!result) return fail(std::move(result).error());
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    output.result(image_import_document(result->import, &*result, false, ui.language));
    output.print(ui.paint(Tone::strong, ui.text("cli.done.read_back")) + '\n' + image_import_result_text(*result, ui));
    output.print('\n' + ui.paint(Tone::good, "✓ ") +
                 ui.text("cli.done.done", {{"time", text::format_duration(took, ui.language)}}) + '\n');
    return ExitCode::done;
}

} // namespace

const CommandSpec kGuestImport{
    "guest", "import", "cli.guest_import.summary", "cli.guest_import.details", kPositionals, kOptions, kExamples, run};

} // namespace exhyperv::cli

#include "assign/device/compatibility.h"
#include "cli/commands/commands.h"
#include "cli/documents/device_document.h"
#include "cli/invocation.h"
#include "support/strings.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "DEVICE", .help = "cli.device_report.arg", .required = false}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv device report \"RTX 4070\"", "cli.device_report.example"},
};

/// The one named, or the only graphics card there is: that is what the table is about.
Result<const assign::DeviceEntry*> chosen(const assign::DeviceInventory& inventory,
                                          const std::optional<std::string>& wanted) {
    if (wanted) return assign::find_device(inventory, *wanted);
    std::vector<const assign::DeviceEntry*> cards;
    std::vector<std::string> names;
    for (const auto& entry : inventory.devices) {
        if (!entry.is_display || entry.device.place.kind == model::PlaceKind::stale_reference) continue;
        cards.push_back(&entry);
        names.push_back(entry.display_name());
    }
    if (cards.size() == 1) return cards.front();
    return fail("device.which_card", {{"cards", names.empty() ? "–" : join(names, ", ")}});
}

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto inventory, session->devices(call.look_context()));
    TRY_ASSIGN(const auto* entry, chosen(inventory, call.arguments.maybe("DEVICE")));
    const auto row = assign::compatibility_report(inventory, *entry);
    call.output.result(device_report_document(*entry, row));
    call.output.print(row);
    call.output.aside(call.output.ui().text("device.report_hint"));
    return ExitCode::done;
}

} // namespace

const CommandSpec kDeviceReport{
    "device", "report", "cli.device_report.summary", "cli.device_report.details", kPositionals, {}, kExamples, run};

} // namespace exhyperv::cli

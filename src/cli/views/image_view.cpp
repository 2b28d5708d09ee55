#include "cli/views/image_view.h"

#include "cli/table.h"
#include "text/quantity.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::cli {
namespace {

using drivers::FileAction;

constexpr std::size_t kMostNamed = 20;

template <class Operation> // an import or a purge
std::string heading(const Operation& of, std::string_view key, const Ui& ui) {
    const guest::WindowsInstall& windows = of.windows;
    Fields fields;
    fields.add(ui.text("cli.image.image"), of.image);
    if (of.linux_system)
        fields.add(ui.text("cli.image.linux"), of.linux_system->name);
    else
        fields.add(ui.text("cli.image.windows"),
                   fmt::format("{} ({}.{})", windows.product_name, windows.build, windows.revision));
    fields.add(ui.text("check.guest.engine"), ui.text(assign::engine_check(of.engine).evidence));
    return ui.paint(Tone::strong, ui.text(key)) + '\n' + fields.render(ui, 2);
}

std::string warnings_text(const std::vector<Message>& warnings, const Ui& ui) {
    std::string out;
    for (const auto& warning : warnings)
        out += paragraph("  ! ", ui.text(warning), ui);
    return out.empty() ? out : '\n' + ui.paint(Tone::strong, ui.text("cli.done.warnings")) + '\n' + out;
}

std::string amount(std::uint64_t files, std::uint64_t bytes, const Ui& ui) {
    return ui.text("cli.guest.files_value", {{"files", text::format_count(files)}, {"size", text::format_size(bytes)}});
}

} // namespace

std::string image_import_text(const assign::ImageImport& import, const Ui& ui) {
    const auto& plan = import.plan;
    std::string out = heading(import, "cli.image.import_title", ui);
    Fields fields;
    fields.add(ui.text("cli.image.card"), plan.drivers.card_name + "  " + plan.drivers.hardware_id);
    const auto& version = plan.drivers.primary().version;
    fields.add(ui.text("cli.guest.driver_version"),
               version.version + (version.date.empty() ? "" : ", " + version.date));
    const auto optional = std::ranges::count_if(plan.drivers.packages, [](const auto& p) { return p.optional; });
    for (const auto& package : plan.drivers.packages)
        if (!package.optional)
            fields.add(&package == &plan.drivers.packages.front() ? ui.text("cli.guest.package") : "", package.folder);
    if (optional != 0 || !plan.drivers.extras.empty())
        fields.add(ui.text("cli.image.besides"),
                   ui.text("cli.image.besides_value", {{"packages", text::format_count(std::uint64_t(optional))},
                                                       {"files", text::format_count(plan.drivers.extras.size())}}));
    fields.add(ui.text("cli.image.write"),
               amount(plan.count(FileAction::add) + plan.count(FileAction::replace), plan.bytes_to_write, ui));
    if (plan.count(FileAction::keep) != 0)
        fields.add(ui.text("cli.image.keep"), amount(plan.count(FileAction::keep), plan.bytes_kept, ui));
    for (const auto& folder : plan.retired_packages)
        fields.add(ui.text("cli.image.retire"), folder);
    const auto links = std::ranges::count_if(plan.links, [](const auto& l) { return l.action != FileAction::keep; });
    const bool copies = plan.options.placement == drivers::Placement::copy;
    fields.add(ui.text(copies ? "cli.image.copies" : "cli.guest.links"),
               ui.text("cli.image.of", {{"count", std::to_string(links)}, {"all", std::to_string(plan.links.size())}}));
    if (!import.linux_system)
        fields.add(ui.text("cli.guest.values"),
                   ui.text("cli.image.of", {{"count", std::to_string(plan.registry.values_to_write())},
                                            {"all", std::to_string(plan.registry.values.size())}}));
    fields.add(ui.text("cli.image.space"),
               ui.text("cli.image.space_value", {{"needed", text::format_size(plan.space_needed)},
                                                 {"free", text::format_size(plan.space_free)}}),
               plan.enough_space() ? Tone::plain : Tone::bad);
    if (import.growth != 0 && import.growth_free)
        fields.add(ui.text("cli.image.growth"),
                   ui.text("cli.image.space_value", {{"needed", text::format_size(import.growth)},
                                                     {"free", text::format_size(*import.growth_free)}}),
                   import.fits() ? Tone::plain : Tone::bad);
    out += fields.render(ui, 2);
    if (import.chained) out += paragraph("  ! ", ui.text("cli.image.chained"), ui);
    return out + warnings_text(plan.warnings, ui);
}

std::string image_import_result_text(const assign::ImageImportResult& result, const Ui& ui) {
    const bool registry = !result.import.linux_system;
    std::string out = paragraph("  • ",
                                ui.text(registry ? "cli.image.imported" : "cli.image.imported_linux",
                                        {{"written", text::format_count(result.report.files_written)},
                                         {"kept", text::format_count(result.report.files_kept)},
                                         {"links", text::format_count(result.report.links_made)},
                                         {"values", text::format_count(result.report.values_changed)},
                                         {"size", text::format_size(result.report.bytes_written)}}),
                                ui);
    out += paragraph("  • ",
                     ui.text(registry ? "cli.image.verified" : "cli.image.verified_linux",
                             {{"files", text::format_count(result.read_back.files)},
                              {"size", text::format_size(result.read_back.bytes)},
                              {"links", text::format_count(result.read_back.links)},
                              {"values", text::format_count(result.read_back.values)}}),
                     ui);
    for (const auto& path : result.report.failed_files)
        out += paragraph("  ! ", ui.text("cli.image.unreadable", {{"path", path}}), ui);
    return out;
}

std::string image_purge_text(const assign::ImagePurge& purge, const Ui& ui) {
    std::string out = heading(purge, "cli.image.purge_title", ui);
    Fields fields;
    for (const auto& card : purge.cards)
        fields.add(&card == &purge.cards.front() ? ui.text("cli.image.card") : "",
                   card.name + "  " + card.driver_version);
    for (const auto& folder : purge.plan.packages)
        fields.add(&folder == &purge.plan.packages.front() ? ui.text("cli.guest.package") : "", folder);
    fields.add(ui.text("cli.guest.files"), amount(purge.plan.files, purge.plan.bytes, ui));
    fields.add(ui.text("cli.guest.links"), std::to_string(purge.plan.links));
    if (!purge.linux_system) fields.add(ui.text("cli.guest.values"), std::to_string(purge.plan.values));
    const auto& extras = purge.plan.extras;
    for (std::size_t i = 0; i < std::min(extras.size(), kMostNamed); ++i)
        fields.add(i == 0 ? ui.text("cli.image.extras") : "", extras[i]);
    if (extras.size() > kMostNamed)
        fields.add("", ui.text("cli.drift.more", {{"count", text::format_count(extras.size() - kMostNamed)}}));
    return out + fields.render(ui, 2) + warnings_text(purge.plan.warnings, ui);
}

std::string image_purge_result_text(const assign::ImagePurgeResult& result, const Ui& ui) {
    return paragraph("  • ",
                     ui.text("cli.image.purged", {{"files", text::format_count(result.report.files_removed)},
                                                  {"links", text::format_count(result.report.links_removed)},
                                                  {"restored", text::format_count(result.report.files_restored +
                                                                                  result.report.values_restored)},
                                                  {"size", text::format_size(result.report.bytes_freed)}}),
                     ui) +
           warnings_text(result.report.warnings, ui);
}

} // namespace exhyperv::cli

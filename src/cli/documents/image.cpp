#include "cli/documents/image.h"

#include "cli/documents/json.h"

#include <algorithm>

namespace exhyperv::cli {
namespace {

using drivers::FileAction;

Json json_of_windows(const guest::WindowsInstall& windows) {
    return {{"product_name", windows.product_name},
            {"build", windows.build},
            {"revision", windows.revision},
            {"partition", windows.partition}};
}

/// "windows" or "linux", whichever it is.
template <class Operation> // an import or a purge
void put_system(Json& out, const Operation& of) {
    if (of.linux_system)
        out["linux"] = {{"name", of.linux_system->name}, {"partition", of.linux_system->partition}};
    else
        out["windows"] = json_of_windows(of.windows);
}

Json plan_of(const assign::ImageImport& import, text::Language language) {
    const auto& plan = import.plan;
    Json packages = Json::array();
    for (const auto& package : plan.drivers.packages)
        packages.push_back(package.folder);
    Json out{{"image", import.image},
             {"format", guest::format_name(import.format)},
             {"card", plan.drivers.instance_path},
             {"hardware_id", plan.drivers.hardware_id},
             {"name", plan.drivers.card_name},
             {"version", plan.drivers.primary().version.version},
             {"date", plan.drivers.primary().version.date},
             {"packages", std::move(packages)},
             {"retired_packages", plan.retired_packages},
             {"files_to_write", plan.count(FileAction::add) + plan.count(FileAction::replace)},
             {"files_kept", plan.count(FileAction::keep)},
             {"bytes_to_write", plan.bytes_to_write},
             {"bytes_kept", plan.bytes_kept},
             {"links", plan.links.size()},
             {"engine", guest::engine_name(import.engine.engine)},
             {"placement", plan.options.placement == drivers::Placement::copy ? "copy" : "link"},
             {"registry_values", plan.registry.values.size()},
             {"registry_changes", plan.registry.values_to_change()},
             {"space_needed", plan.space_needed},
             {"space_free", plan.space_free},
             {"nothing_to_do", plan.nothing_to_do()},
             {"fits", import.fits()}};
    put_system(out, import);
    if (!plan.drivers.extras.empty()) out["extra_files"] = plan.drivers.extras.size();
    if (import.growth != 0) out["image_growth"] = import.growth;
    out["warnings"] = json_of(plan.warnings, language);
    return out;
}

Json purge_of(const assign::ImagePurge& purge, text::Language language) {
    Json cards = Json::array();
    for (const auto& card : purge.cards)
        cards.push_back({{"card", card.instance_path}, {"name", card.name}, {"version", card.driver_version}});
    Json out{{"image", purge.image},
             {"engine", guest::engine_name(purge.engine.engine)},
             {"cards", std::move(cards)},
             {"packages", purge.plan.packages},
             {"files", purge.plan.files},
             {"links", purge.plan.links},
             {"extras", purge.plan.extras},
             {"registry_values", purge.plan.values},
             {"bytes", purge.plan.bytes},
             {"nothing_to_do", purge.plan.nothing_to_do()},
             {"warnings", json_of(purge.plan.warnings, language)}};
    put_system(out, purge);
    return out;
}

} // namespace

Document image_import_document(const assign::ImageImport& import, const assign::ImageImportResult* result, bool dry_run,
                               text::Language language) {
    Json out{{"plan", plan_of(import, language)}, {"dry_run", dry_run}};
    if (result)
        out["done"] = {{"changed", result->report.changed()},
                       {"files_written", result->report.files_written},
                       {"files_kept", result->report.files_kept},
                       {"files_removed", result->report.files_removed},
                       {"links_made", result->report.links_made},
                       {"values_changed", result->report.values_changed},
                       {"bytes_written", result->report.bytes_written},
                       {"unreadable", result->report.failed_files},
                       {"read_back",
                        {{"files", result->read_back.files},
                         {"links", result->read_back.links},
                         {"registry_values", result->read_back.values},
                         {"bytes", result->read_back.bytes}}},
                       {"warnings", json_of(result->report.warnings, language)}};
    return Document(std::move(out));
}

Document image_purge_document(const assign::ImagePurge& purge, const assign::ImagePurgeResult* result, bool dry_run,
                              text::Language language) {
    Json out{{"plan", purge_of(purge, language)}, {"dry_run", dry_run}};
    if (result)
        out["done"] = {{"files_removed", result->report.files_removed},
                       {"links_removed", result->report.links_removed},
                       {"files_restored", result->report.files_restored},
                       {"values_restored", result->report.values_restored},
                       {"bytes_freed", result->report.bytes_freed},
                       {"warnings", json_of(result->report.warnings, language)}};
    return Document(std::move(out));
}

} // namespace exhyperv::cli

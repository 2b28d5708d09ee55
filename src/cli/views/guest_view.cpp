#include "cli/views/guest_view.h"

#include "cli/output.h"
#include "cli/table.h"
#include "drivers/guest_layout.h"
#include "model/host_facts.h"
#include "support/strings.h"
#include "text/quantity.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::cli {
namespace {

std::string_view architecture_text(guest::Architecture architecture) {
    switch (architecture) {
    case guest::Architecture::x86:
        return "x86";
    case guest::Architecture::x64:
        return "x64";
    case guest::Architecture::arm64:
        return "ARM64";
    case guest::Architecture::unknown:
        break;
    }
    return "?";
}

std::string table_kind(guest::TableKind kind, const Ui& ui) {
    switch (kind) {
    case guest::TableKind::gpt:
        return "GPT";
    case guest::TableKind::mbr:
        return "MBR";
    case guest::TableKind::none:
        break;
    }
    return ui.text("cli.guest.no_table");
}

std::string partitions_table(const app::GuestReport& report, const Ui& ui) {
    Table table({{ui.text("cli.guest.col.number"), true},
                 {ui.text("cli.guest.col.size"), true},
                 {ui.text("cli.guest.col.file_system")},
                 {ui.text("cli.guest.col.name")},
                 {ui.text("cli.guest.col.content")}});
    for (const auto& entry : report.partitions) {
        Cell content;
        if (entry.finding.windows) content = {entry.finding.windows->product_name, Tone::accent};
        if (entry.finding.linux_system) content = {entry.finding.linux_system->name, Tone::accent};
        if (entry.finding.refusal)
            content = {text::render_error(*entry.finding.refusal, ui.language).title, Tone::warn};
        table.add({{std::to_string(entry.finding.partition.number)},
                   {text::format_size(entry.finding.partition.size)},
                   {entry.finding.file_system},
                   {entry.finding.partition.name},
                   content});
    }
    return table.render(ui);
}

/// Where a package lies, as people of that system write it.
std::string place_of(const drivers::Manifest& manifest, const std::string& folder) {
    const auto root = drivers::package_root(drivers::layout_of(manifest.volume), folder);
    if (manifest.volume == guest::VolumeKind::ext4) return '/' + replace_all(root, "\\", "/");
    return root.substr(root.find("HostDriverStore"));
}

std::string windows_text(const guest::WindowsInstall& windows, const Ui& ui) {
    std::string out =
        '\n' + ui.paint(Tone::strong, printable(windows.product_name)) + "  " +
        ui.paint(Tone::faint, ui.text("cli.guest.on_partition", {{"number", std::to_string(windows.partition)}})) +
        '\n';
    Fields fields;
    fields.add(ui.text("cli.guest.build"), fmt::format("{}.{}", windows.build, windows.revision));
    fields.add(ui.text("cli.guest.edition"), windows.edition_id);
    fields.add(ui.text("cli.guest.architecture"), std::string(architecture_text(windows.architecture)));
    const auto wddm = model::wddm_of_build(windows.build);
    fields.add(ui.text("cli.guest.wddm"), wddm.empty() ? ui.text("cli.guest.wddm_none") : "WDDM " + std::string(wddm),
               wddm.empty() ? Tone::bad : Tone::good);
    std::vector<std::string> sets;
    for (const auto set : windows.control_sets)
        sets.push_back(fmt::format("ControlSet{:03}{}", set, set == windows.current_control_set ? "*" : ""));
    fields.add(ui.text("cli.guest.control_sets"), join(sets, ", "));
    return out + fields.render(ui, 2);
}

std::string linux_text(const guest::LinuxInstall& system, const Ui& ui) {
    using Dxgkrnl = guest::LinuxKernel::Dxgkrnl;
    std::string out =
        '\n' + ui.paint(Tone::strong, printable(system.name)) + "  " +
        ui.paint(Tone::faint, ui.text("cli.guest.on_partition", {{"number", std::to_string(system.partition)}})) + '\n';
    Fields fields;
    fields.add(ui.text("cli.guest.architecture"), std::string(architecture_text(system.architecture)));
    for (const auto& kernel : system.kernels) {
        const char* key = kernel.dxgkrnl == Dxgkrnl::module     ? "cli.guest.dxgkrnl_module"
                          : kernel.dxgkrnl == Dxgkrnl::built_in ? "cli.guest.dxgkrnl_built_in"
                                                                : "cli.guest.dxgkrnl_missing";
        fields.add(&kernel == &system.kernels.front() ? ui.text("cli.guest.kernels") : "",
                   ui.text(key, {{"kernel", kernel.release}}),
                   kernel.dxgkrnl == Dxgkrnl::missing ? Tone::warn : Tone::good);
    }
    if (system.kernels.empty()) fields.add(ui.text("cli.guest.kernels"), ui.text("cli.guest.no_kernels"), Tone::warn);
    fields.add(ui.text("cli.guest.loader"),
               ui.text(system.loader_knows ? "cli.guest.loader_knows" : "cli.guest.loader_does_not"));
    return out + fields.render(ui, 2);
}

std::string drivers_text(const drivers::Manifest& manifest, const Ui& ui) {
    std::string out;
    for (const auto& card : manifest.cards) {
        out += '\n' + ui.paint(Tone::strong, ui.text("cli.guest.drivers", {{"card", card.name}})) + '\n';
        Fields fields;
        fields.add(ui.text("cli.guest.driver_version"),
                   card.driver_version + (card.driver_date.empty() ? "" : ", " + card.driver_date));
        std::uint64_t bytes = 0, files = 0;
        for (const auto& folder : card.packages) {
            const auto* package = manifest.package(folder);
            if (!package) continue;
            files += package->files.size();
            for (const auto& file : package->files)
                bytes += file.size;
            fields.add(ui.text("cli.guest.package"), place_of(manifest, folder));
        }
        fields.add(ui.text("cli.guest.files"), ui.text("cli.guest.files_value", {{"files", text::format_count(files)},
                                                                                 {"size", text::format_size(bytes)}}));
        const auto of_card = [&](const auto& entry) {
            return std::ranges::find(entry.cards, card.instance_path) != entry.cards.end();
        };
        fields.add(ui.text("cli.guest.links"), std::to_string(std::ranges::count_if(manifest.links, of_card)));
        if (manifest.volume == guest::VolumeKind::ntfs)
            fields.add(ui.text("cli.guest.values"), std::to_string(std::ranges::count_if(manifest.values, of_card)));
        fields.add(ui.text("cli.guest.since"), text::format_time(card.imported_at));
        out += fields.render(ui, 2);
    }
    return out;
}

} // namespace

std::string guest_text(const app::GuestReport& report, const Ui& ui) {
    std::string out = ui.paint(Tone::strong, printable(report.image)) + '\n';
    Fields fields;
    fields.add(ui.text("cli.guest.format"), std::string(guest::format_name(report.disk.format)));
    fields.add(ui.text("cli.guest.size"), text::format_size(report.disk.size));
    fields.add(ui.text("cli.guest.table"), table_kind(report.disk.table, ui));
    for (std::size_t i = 1; i < report.disk.chain.size(); ++i)
        fields.add(i == 1 ? ui.text("cli.guest.parents") : "", report.disk.chain[i]);
    if (report.disk.leftover_journal)
        fields.add(ui.text("cli.guest.journal"), ui.text("cli.guest.leftover_journal"), Tone::warn);
    out += fields.render(ui, 2);
    if (!report.partitions.empty()) out += '\n' + partitions_table(report, ui);
    for (const auto& [finding, manifest, manifest_error] : report.partitions) {
        if (finding.windows) out += windows_text(*finding.windows, ui);
        if (finding.linux_system) out += linux_text(*finding.linux_system, ui);
        if (finding.refusal) out += '\n' + error_text(*finding.refusal, ui);
        if (manifest)
            out += drivers_text(*manifest, ui);
        else if ((finding.windows || finding.linux_system) && !finding.refusal && !manifest_error)
            out += '\n' + ui.text("cli.guest.no_drivers") + '\n';
        if (manifest_error) out += '\n' + error_text(*manifest_error, ui);
    }
    return out;
}

} // namespace exhyperv::cli

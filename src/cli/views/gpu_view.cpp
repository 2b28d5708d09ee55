#include "cli/table.h"
#include "cli/views/inventory_view.h"
#include "support/strings.h"
#include "text/quantity.h"

#include <fmt/format.h>

namespace exhyperv::cli {
namespace {

std::string vm_name(const app::Inventory& inventory, const Guid& id) {
    const auto* vm = inventory.vm(id);
    return vm ? vm->name : id.str();
}

std::string users_of(const app::Inventory& inventory, const model::Gpu& gpu) {
    std::vector<std::string> names;
    for (const auto* partition : inventory.partitions_of_gpu(gpu))
        names.push_back(vm_name(inventory, partition->vm_id));
    return join(names, ", ");
}

std::string place_text(const app::Inventory& inventory, const model::Gpu& gpu, const Ui& ui) {
    switch (gpu.place.kind) {
    case model::PlaceKind::host:
        return ui.text("cli.place.host");
    case model::PlaceKind::host_disabled:
        return ui.text("cli.place.host_disabled");
    case model::PlaceKind::dismounted:
        return ui.text("cli.place.dismounted");
    case model::PlaceKind::vm:
        return ui.text("cli.place.vm", {{"vm", vm_name(inventory, gpu.place.vm_id)}});
    case model::PlaceKind::stale_reference:
        return ui.text("cli.place.stale", {{"vm", vm_name(inventory, gpu.place.vm_id)}});
    }
    return {};
}

std::string vram_text(const model::Gpu& gpu, const Ui& ui) {
    return gpu.vram_bytes ? text::format_size(*gpu.vram_bytes) : ui.text("cli.unknown");
}

} // namespace

std::string gpu_table(const app::Inventory& inventory, const Ui& ui) {
    if (inventory.gpus.empty()) return ui.text("cli.gpu.none") + '\n';
    Table table({{ui.text("cli.col.name")},
                 {ui.text("cli.col.memory"), true},
                 {ui.text("cli.col.driver")},
                 {ui.text("cli.col.place")},
                 {ui.text("cli.col.partitionable")},
                 {ui.text("cli.col.vms")}});
    for (const auto& gpu : inventory.gpus)
        table.add(
            {{gpu.name, Tone::strong},
             {vram_text(gpu, ui)},
             {gpu.driver_version.empty() ? ui.text("cli.unknown") : gpu.driver_version},
             {place_text(inventory, gpu, ui), gpu.place.kind == model::PlaceKind::host ? Tone::plain : Tone::warn},
             {ui.text(gpu.partitionable() ? "cli.yes" : "cli.no"), gpu.partitionable() ? Tone::good : Tone::plain},
             {users_of(inventory, gpu), Tone::accent}});
    return table.render(ui);
}

std::string gpu_text(const app::Inventory& inventory, const model::Gpu& gpu, const Ui& ui) {
    std::string out = ui.paint(Tone::strong, printable(gpu.name)) + '\n';
    Fields fields;
    fields.add(ui.text("cli.gpu.vendor"), std::string(model::gpu_vendor_name(gpu.vendor)));
    fields.add(ui.text("cli.label.memory"), vram_text(gpu, ui));
    fields.add(ui.text("cli.label.driver"),
               gpu.driver_version.empty()
                   ? ui.text("cli.unknown")
                   : gpu.driver_version + (gpu.driver_date.empty() ? "" : ", " + gpu.driver_date));
    fields.add(ui.text("cli.label.place"), place_text(inventory, gpu, ui));
    fields.add(ui.text("cli.gpu.instance_path"), gpu.instance_path);
    if (!gpu.location_path.empty()) fields.add(ui.text("cli.gpu.location_path"), gpu.location_path);
    if (gpu.problem != 0) fields.add(ui.text("cli.gpu.problem"), std::to_string(gpu.problem), Tone::warn);
    fields.add(ui.text("cli.label.partitionable"), ui.text(gpu.partitionable() ? "cli.yes" : "cli.no"));
    if (gpu.partitionable()) {
        std::vector<std::string> counts;
        for (const auto count : gpu.valid_partition_counts)
            counts.push_back(std::to_string(count));
        fields.add(ui.text("cli.gpu.partition_count"),
                   counts.empty()
                       ? std::to_string(gpu.partition_count)
                       : ui.text("cli.gpu.partition_count_of",
                                 {{"count", std::to_string(gpu.partition_count)}, {"valid", join(counts, ", ")}}));
        fields.add(ui.text("cli.gpu.interface_path"), gpu.interface_path);
    }
    out += fields.render(ui, 2);
    out += '\n' + ui.paint(Tone::strong, ui.text("cli.gpu.users")) + '\n';
    const auto partitions = inventory.partitions_of_gpu(gpu);
    if (partitions.empty()) out += "  " + ui.text("cli.gpu.no_users") + '\n';
    for (const auto* partition : partitions) {
        const auto* vm = inventory.vm(partition->vm_id);
        out += "  " + ui.paint(Tone::accent, printable(vm_name(inventory, partition->vm_id)));
        if (vm) out += "  " + vm_state_text(vm->state, ui);
        out += '\n';
    }
    return out;
}

} // namespace exhyperv::cli

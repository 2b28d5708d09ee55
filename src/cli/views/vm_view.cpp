#include "cli/table.h"
#include "cli/views/inventory_view.h"
#include "support/strings.h"
#include "text/quantity.h"

#include <fmt/format.h>

namespace exhyperv::cli {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

Tone tone_of(model::VmState state) {
    switch (state) {
    case model::VmState::running:
        return Tone::good;
    case model::VmState::critical:
        return Tone::bad;
    case model::VmState::changing:
    case model::VmState::unknown:
        return Tone::warn;
    default:
        return Tone::plain;
    }
}

std::string partition_text(const app::Inventory& inventory, const model::GpuPartition& partition, const Ui& ui) {
    if (partition.stale) return ui.text("cli.vm.partition_stale");
    const auto* gpu = inventory.gpu_of(partition);
    return gpu ? gpu->name : ui.text("cli.vm.partition_unknown");
}

std::string gpus_of(const app::Inventory& inventory, const model::Vm& vm, const Ui& ui) {
    std::vector<std::string> names;
    for (const auto* partition : inventory.partitions_of_vm(vm.id))
        names.push_back(partition_text(inventory, *partition, ui));
    return join(names, ", ");
}

std::string memory_text(const model::VmMemory& memory, const Ui& ui) {
    const std::string startup = text::format_size(memory.startup_mib * kMiB);
    if (!memory.dynamic) return startup;
    return ui.text("cli.vm.memory_dynamic", {{"startup", startup},
                                             {"minimum", text::format_size(memory.minimum_mib * kMiB)},
                                             {"maximum", text::format_size(memory.maximum_mib * kMiB)}});
}

std::string on_off(const std::optional<bool>& value, const Ui& ui) {
    return ui.text(!value ? "cli.not_known_to_host" : *value ? "cli.on" : "cli.off");
}

std::string mib(const std::optional<std::uint64_t>& value, const Ui& ui) {
    return value ? text::format_size(*value * kMiB) : ui.text("cli.not_known_to_host");
}

std::string stop_action_text(model::StopAction action, const Ui& ui) {
    switch (action) {
    case model::StopAction::turn_off:
        return ui.text("cli.vm.stop.turn_off");
    case model::StopAction::save:
        return ui.text("cli.vm.stop.save");
    case model::StopAction::shut_down:
        return ui.text("cli.vm.stop.shut_down");
    }
    return std::to_string(static_cast<unsigned>(action));
}

std::string checkpoint_text(const std::optional<model::CheckpointType>& type, const Ui& ui) {
    if (!type) return ui.text("cli.not_known_to_host");
    switch (*type) {
    case model::CheckpointType::disabled:
        return ui.text("cli.vm.checkpoint.disabled");
    case model::CheckpointType::production:
        return ui.text("cli.vm.checkpoint.production");
    case model::CheckpointType::production_only:
        return ui.text("cli.vm.checkpoint.production_only");
    case model::CheckpointType::standard:
        return ui.text("cli.vm.checkpoint.standard");
    }
    return std::to_string(static_cast<unsigned>(*type));
}

} // namespace

std::string vm_state_text(model::VmState state, const Ui& ui) {
    return ui.text("cli.vm.state." + std::string(model::vm_state_name(state)));
}

std::string vm_table(const app::Inventory& inventory, const Ui& ui) {
    if (inventory.vms.empty()) return ui.text("cli.vm.none") + '\n';
    Table table({{ui.text("cli.col.name")},
                 {ui.text("cli.col.state")},
                 {ui.text("cli.col.gen"), true},
                 {ui.text("cli.col.processors"), true},
                 {ui.text("cli.col.memory"), true},
                 {ui.text("cli.col.gpus")},
                 {ui.text("cli.col.id"), false, true}});
    for (const auto& vm : inventory.vms)
        table.add({{vm.name, Tone::strong},
                   {vm_state_text(vm.state, ui), tone_of(vm.state)},
                   {std::to_string(vm.generation)},
                   {std::to_string(vm.processors)},
                   {text::format_size(vm.memory.startup_mib * kMiB)},
                   {gpus_of(inventory, vm, ui), Tone::accent},
                   {vm.id.str(), Tone::faint}});
    return table.render(ui);
}

std::string vm_text(const app::Inventory& inventory, const model::Vm& vm, const Ui& ui) {
    std::string out = ui.paint(Tone::strong, printable(vm.name)) + '\n';
    Fields fields;
    fields.add(ui.text("cli.label.id"), vm.id.str());
    fields.add(ui.text("cli.label.state"), vm_state_text(vm.state, ui), tone_of(vm.state));
    fields.add(ui.text("cli.vm.generation"), fmt::format("{} ({})", vm.generation, vm.version));
    fields.add(ui.text("cli.vm.processors"), std::to_string(vm.processors));
    fields.add(ui.text("cli.label.memory"), memory_text(vm.memory, ui));
    fields.add(ui.text("cli.vm.checkpoints"), std::to_string(vm.checkpoints));
    if (vm.guest_build) fields.add(ui.text("cli.vm.guest_build"), std::to_string(*vm.guest_build));
    for (const auto& disk : vm.disks)
        fields.add(ui.text(disk.physical ? "cli.vm.physical_disk" : "cli.vm.disk"), disk.path);
    out += fields.render(ui, 2);

    out += '\n' + ui.paint(Tone::strong, ui.text("cli.vm.partitions")) + '\n';
    const auto partitions = inventory.partitions_of_vm(vm.id);
    if (partitions.empty()) out += "  " + ui.text("cli.vm.no_partitions") + '\n';
    for (const auto* partition : partitions) {
        out += "  " +
               ui.paint(partition->stale ? Tone::warn : Tone::accent,
                        printable(partition_text(inventory, *partition, ui))) +
               '\n';
        out += "    " + ui.paint(Tone::faint, printable(partition->id)) + '\n';
    }

    out += '\n' + ui.paint(Tone::strong, ui.text("cli.vm.settings")) + '\n';
    Fields settings;
    settings.add(ui.text("cli.vm.cache_types"), on_off(vm.settings.guest_controlled_cache_types, ui));
    settings.add(ui.text("cli.vm.low_mmio"), mib(vm.settings.low_mmio_mib, ui));
    settings.add(ui.text("cli.vm.high_mmio"), mib(vm.settings.high_mmio_mib, ui));
    settings.add(ui.text("cli.vm.stop_action"), stop_action_text(vm.settings.stop_action, ui));
    settings.add(ui.text("cli.vm.checkpoint_type"), checkpoint_text(vm.settings.checkpoint_type, ui));
    settings.add(ui.text("cli.vm.automatic_checkpoints"), on_off(vm.settings.automatic_checkpoints, ui));
    return out + settings.render(ui, 2);
}

} // namespace exhyperv::cli

#include "transport/sim/cim/associations.h"

#include "support/strings.h"
#include "transport/sim/cim/configs.h"
#include "transport/sim/cim/templates.h"
#include "transport/sim/world/ids.h"

namespace exhyperv::sim {

namespace {

using Found = std::function<void(Link)>;

const Family* family(std::string_view class_name) {
    for (const auto& each : families())
        if (each->class_name() == class_name && !is_template(*each)) return each.get();
    return nullptr;
}

bool is(const Endpoint& end, std::string_view class_name) {
    return end.family->class_name() == class_name && !is_template(*end.family);
}

Endpoint machine(const Vm& vm) {
    return {family("Msvm_ComputerSystem"), Object{.vm = &vm, .config = &vm.config, .owner = vm.id}};
}
Endpoint settings(const Vm& vm) {
    return {family("Msvm_VirtualSystemSettingData"), Object{.vm = &vm, .config = &vm.config, .owner = vm.id}};
}
Endpoint settings(const Vm& vm, const Checkpoint& checkpoint) {
    return {family("Msvm_VirtualSystemSettingData"),
            Object{.vm = &vm, .config = &checkpoint.config, .owner = checkpoint.id, .item = &checkpoint}};
}

void settings_define_state(const View&, const Endpoint& from, const Found& found) {
    if (is(from, "Msvm_ComputerSystem") && from.object.vm) found({settings(*from.object.vm), true, {}, {}});
    if (is(from, "Msvm_VirtualSystemSettingData") && !from.object.item)
        found({machine(*from.object.vm), false, {}, {}});
}

std::optional<SettingKind> kind_of(const Endpoint& end) {
    if (is_template(*end.family)) return std::nullopt;
    for (auto kind : kSettingKinds)
        if (end.family == &setting_family(kind)) return kind;
    return std::nullopt;
}

void setting_components(const View&, const Endpoint& from, const Found& found) {
    if (is(from, "Msvm_VirtualSystemSettingData")) {
        for (auto kind : kSettingKinds)
            for (std::size_t i = 0; i < setting_count(*from.object.config, kind); ++i) {
                const auto* drive = kind == SettingKind::storage ? &from.object.config->drives[i] : nullptr;
                if (drive && (drive->kind == DriveKind::physical || drive->image.empty())) continue;
                auto object = from.object;
                object.index = static_cast<std::uint32_t>(i);
                found({{&setting_family(kind), object}, true, {}, {}});
            }
        if (const auto* topology = family("Msvm_VirtualSystemPciExpressSettingData"); topology && !from.object.item)
            found({{topology, from.object}, true, {}, {}});
        if (const auto* security = family("Msvm_SecuritySettingData"); security && !from.object.item)
            found({{security, from.object}, true, {}, {}});
        return;
    }
    if (kind_of(from) || is(from, "Msvm_VirtualSystemPciExpressSettingData") || is(from, "Msvm_SecuritySettingData")) {
        auto owner = from.object;
        found({{family("Msvm_VirtualSystemSettingData"), owner}, false, {}, {}});
    }
}

constexpr std::string_view kVmDevices[] = {"Msvm_KvpExchangeComponent", "Msvm_ShutdownComponent",
                                           "Msvm_HeartbeatComponent", "Msvm_PciExpress", "Msvm_GpuPartition"};

void system_devices(const View& view, const Endpoint& from, const Found& found) {
    if (is(from, "Msvm_ComputerSystem")) {
        for (auto name : kVmDevices) {
            const auto* devices = family(name);
            devices->each(view, [&](const Object& object) {
                if (object.vm == from.object.vm) found({{devices, object}, true, {}, {}});
                return true;
            });
        }
        return;
    }
    for (auto name : kVmDevices)
        if (is(from, name)) {
            if (from.object.vm)
                found({machine(*from.object.vm), false, {}, {}});
            else
                found({{family("Msvm_ComputerSystem"), Object{}}, false, {}, {}});
        }
}

/// RASD ↔ the logical device it describes.
void element_settings(const View& view, const Endpoint& from, const Found& found) {
    auto pair = [&](std::string_view device_class, SettingKind kind) {
        const auto* devices = family(device_class);
        if (is(from, device_class) && from.object.vm) {
            auto object = from.object;
            object.config = &from.object.vm->config;
            object.item = nullptr;
            found({{&setting_family(kind), object}, true, {}, {}});
        }
        if (kind_of(from) == kind && !from.object.item)
            devices->each(view, [&](const Object& object) {
                if (object.vm == from.object.vm && object.index == from.object.index)
                    found({{devices, object}, false, {}, {}});
                return true;
            });
    };
    pair("Msvm_PciExpress", SettingKind::pci);
    pair("Msvm_GpuPartition", SettingKind::gpu);
}

void snapshots(const View&, const Endpoint& from, const Found& found) {
    if (is(from, "Msvm_ComputerSystem") && from.object.vm)
        for (const auto& checkpoint : from.object.vm->checkpoints)
            found({settings(*from.object.vm, checkpoint), true, {}, {}});
    if (is(from, "Msvm_VirtualSystemSettingData") && from.object.item) found({machine(*from.object.vm), false, {}, {}});
}

void most_current(const View&, const Endpoint& from, const Found& found) {
    const auto* vm = from.object.vm;
    if (!vm || !vm->current_checkpoint) return;
    for (const auto& checkpoint : vm->checkpoints) {
        if (checkpoint.id != *vm->current_checkpoint) continue;
        if (is(from, "Msvm_ComputerSystem")) found({settings(*vm, checkpoint), true, {}, {}});
        if (is(from, "Msvm_VirtualSystemSettingData") && from.object.owner == checkpoint.id)
            found({machine(*vm), false, {}, {}});
    }
}

void element_capabilities(const View&, const Endpoint& from, const Found& found) {
    if (is(from, "Msvm_ResourcePool") || is(from, "Msvm_ProcessorPool"))
        found({{family("Msvm_AllocationCapabilities"), Object{.index = from.object.index}}, true, {}, {}});
    if (is(from, "Msvm_AllocationCapabilities"))
        found({{family(resource_types()[from.object.index].type == 3 ? "Msvm_ProcessorPool" : "Msvm_ResourcePool"),
                Object{.index = from.object.index}},
               false,
               {},
               {}});
}

void settings_define_capabilities(const View&, const Endpoint& from, const Found& found) {
    auto link = [&](Endpoint target, bool first, std::uint32_t variant) {
        Link out{target, first, {}, {}};
        out.numbers = {{"PropertyPolicy", 0},
                       {"ValueRole", variant == 0 ? 0u : 3u},
                       {"ValueRange", variant},
                       {"SupportStatement", 0}};
        found(std::move(out));
    };
    if (is(from, "Msvm_AllocationCapabilities"))
        for (std::uint32_t variant = 0; variant < 4; ++variant)
            if (auto target = template_endpoint(resource_types()[from.object.index], variant))
                link(*target, true, variant);
    if (is_template(*from.family))
        link({family("Msvm_AllocationCapabilities"), Object{.index = from.object.index}}, false, from.object.variant);
}

/// Pool ↔ allocated settings: going from the pool straight to RASDs gives allocations, never templates.
void allocations(const View& view, const Endpoint& from, const Found& found) {
    constexpr std::pair<SettingKind, std::uint16_t> kinds[] = {
        {SettingKind::gpu, 32770}, {SettingKind::pci, 32769}, {SettingKind::memory, 4}, {SettingKind::processor, 3}};
    for (auto [kind, type] : kinds) {
        const auto& rasds = setting_family(kind);
        if ((is(from, "Msvm_ResourcePool") || is(from, "Msvm_ProcessorPool")) &&
            resource_types()[from.object.index].type == type)
            rasds.each(view, [&](const Object& object) {
                if (!object.item) found({{&rasds, object}, true, {}, {}});
                return true;
            });
        if (from.family == &rasds && !from.object.item) {
            auto index = static_cast<std::uint32_t>(&resource_type(type, {}) - resource_types().data());
            found({{family(type == 3 ? "Msvm_ProcessorPool" : "Msvm_ResourcePool"), Object{.index = index}},
                   false,
                   {},
                   {}});
        }
    }
}

void affected_elements(const View& view, const Endpoint& from, const Found& found) {
    auto link = [&](Endpoint target, bool first) {
        Link out{target, first, {}, {}};
        out.arrays = {{"ElementEffects", {5}}};
        found(std::move(out));
    };
    if (is(from, "Msvm_ConcreteJob") || is(from, "Msvm_StorageJob")) {
        for (const auto& text : static_cast<const Job*>(from.object.item)->affected)
            if (auto path = cim::ObjectPath::parse(text))
                if (auto target = resolve(view, *path)) link(*target, true);
        return;
    }
    if (view.world.jobs.empty()) return;
    const auto own = from.family->path_of(view, from.object);
    for (const auto& job : view.world.jobs)
        for (const auto& text : job.affected)
            if (auto path = cim::ObjectPath::parse(text); path && path->same_object(own))
                link({family(job.storage ? "Msvm_StorageJob" : "Msvm_ConcreteJob"), Object{.item = &job}}, false);
}

} // namespace

const std::vector<Association>& associations() {
    static const std::vector<Association> all = {
        {"Msvm_SettingsDefineState", "ManagedElement", "SettingData", settings_define_state, {"Msvm_ComputerSystem"}},
        {"Msvm_VirtualSystemSettingDataComponent",
         "GroupComponent",
         "PartComponent",
         setting_components,
         {"Msvm_VirtualSystemSettingData"}},
        {"Msvm_SystemDevice", "GroupComponent", "PartComponent", system_devices, {"Msvm_ComputerSystem"}},
        {"Msvm_ElementSettingData",
         "ManagedElement",
         "SettingData",
         element_settings,
         {"Msvm_PciExpress", "Msvm_GpuPartition"}},
        {"Msvm_SnapshotOfVirtualSystem", "Antecedent", "Dependent", snapshots, {"Msvm_ComputerSystem"}},
        {"Msvm_MostCurrentSnapshotInBranch", "Antecedent", "Dependent", most_current, {"Msvm_ComputerSystem"}},
        {"Msvm_ElementCapabilities",
         "ManagedElement",
         "Capabilities",
         element_capabilities,
         {"Msvm_ResourcePool", "Msvm_ProcessorPool"}},
        {"Msvm_SettingsDefineCapabilities",
         "GroupComponent",
         "PartComponent",
         settings_define_capabilities,
         {"Msvm_AllocationCapabilities"}},
        {"Msvm_ResourceAllocationFromPool",
         "Antecedent",
         "Dependent",
         allocations,
         {"Msvm_ResourcePool", "Msvm_ProcessorPool"}},
        {"Msvm_AffectedJobElement",
         "AffectingElement",
         "AffectedElement",
         affected_elements,
         {"Msvm_ConcreteJob", "Msvm_StorageJob"}},
    };
    return all;
}

} // namespace exhyperv::sim

#include "support/strings.h"
#include "transport/sim/cim/configs.h"
#include "transport/sim/cim/query.h"
#include "transport/sim/cim/summaries.h"
#include "transport/sim/services/embedded.h"
#include "transport/sim/services/vm_change.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kClass = "Msvm_VirtualSystemManagementService";

Outcome refused(const Call& call, std::string reason) {
    return Outcome::failure(code::invalid_parameter,
                            {say(call.chinese(), failures::invalid_parameter), std::move(reason)});
}

std::string setting_path(const World& world, const Guid& vm, std::string_view class_name, const std::string& suffix) {
    cim::ObjectPath path{world.host.name, std::string(kV2), std::string(class_name), {}, false};
    path.keys.emplace_back("InstanceID", suffix.empty() ? ids::setting(vm) : ids::component(vm, suffix));
    return path.full();
}

Outcome add_resources(Call& call) {
    auto* vm = vm_of_settings(call.world, call.text("AffectedConfiguration"));
    auto texts = call.texts("ResourceSettings");
    if (!vm) return refused(call, "AffectedConfiguration names no virtual machine's settings");
    if (texts.empty()) return refused(call, "ResourceSettings is empty");
    auto config = vm->config;
    Outcome outcome;
    outcome.results_name = "ResultingResourceSettings";
    for (const auto& text : texts) {
        auto embedded = read_embedded(call.view(), text, "CIM_ResourceAllocationSettingData");
        if (!embedded.instance) return refused(call, embedded.reason);
        const auto& given = *embedded.instance;
        Added added;
        if (iequals(given.class_name(), "Msvm_GpuPartitionSettingData"))
            added = add_gpu(call, *vm, config, given);
        else if (iequals(given.class_name(), "Msvm_PciExpressSettingData"))
            added = add_device(call, *vm, config, given);
        else
            added = add_storage_part(call, *vm, config, given);
        if (added.outcome.code != code::done) return std::move(added.outcome);
        outcome.affected.push_back(setting_path(call.world, vm->id, added.class_name, added.suffix));
    }
    vm->config = std::move(config);
    vm->changed_ms = call.now_ms;
    return outcome;
}

std::optional<Guid> vm_in_first_text(const Call& call, std::string_view parameter) {
    auto texts = call.parameter(parameter).is_array() ? call.texts(parameter) : std::vector{call.text(parameter)};
    if (texts.empty()) return std::nullopt;
    auto embedded = read_embedded(call.view(), texts.front(), "CIM_SettingData");
    auto id = embedded.instance ? ids::parse(embedded.instance->text_or("InstanceID", "")) : std::nullopt;
    return id && find_vm(call.world, id->owner) ? std::optional(id->owner) : std::nullopt;
}

Outcome modify_resources(Call& call) {
    auto id = vm_in_first_text(call, "ResourceSettings");
    auto* vm = id ? find_vm(call.world, *id) : nullptr;
    if (!vm) return refused(call, "ResourceSettings names no setting of a virtual machine");
    auto config = vm->config;
    Outcome outcome;
    outcome.results_name = "ResultingResourceSettings";
    for (const auto& text : call.texts("ResourceSettings")) {
        auto embedded = read_embedded(call.view(), text, "CIM_ResourceAllocationSettingData");
        if (!embedded.instance) return refused(call, embedded.reason);
        auto changed = modify_resource(call, *vm, config, *embedded.instance);
        if (changed.code != code::done) return changed;
        auto parsed = ids::parse(embedded.instance->text_or("InstanceID", ""));
        outcome.affected.push_back(setting_path(call.world, vm->id, embedded.instance->class_name(), parsed->suffix));
    }
    vm->config = std::move(config);
    vm->changed_ms = call.now_ms;
    return outcome;
}

/// Takes one setting out; false: it does not exist. `needs_off`: it may only go while the VM is off.
bool take_out(VmConfig& config, const std::string& suffix, bool& needs_off) {
    for (auto kind : {SettingKind::gpu, SettingKind::pci, SettingKind::storage, SettingKind::drive,
                      SettingKind::controller, SettingKind::nic})
        for (std::size_t i = 0; i < setting_count(config, kind); ++i) {
            if (!iequals(setting_suffix(config, kind, i), suffix)) continue;
            auto at = static_cast<std::ptrdiff_t>(i);
            switch (kind) {
            case SettingKind::gpu:
                config.gpus.erase(config.gpus.begin() + at);
                break;
            case SettingKind::pci:
                config.devices.erase(config.devices.begin() + at);
                needs_off = true;
                break;
            case SettingKind::storage:
                config.drives[i].image.clear();
                break;
            case SettingKind::drive:
                config.drives.erase(config.drives.begin() + at);
                break;
            case SettingKind::nic:
                config.nics.erase(config.nics.begin() + at);
                needs_off = true;
                break;
            default: {
                const auto controller = config.controllers[i];
                if (std::any_of(config.drives.begin(), config.drives.end(), [&](const Drive& d) {
                        return d.controller == controller.id && d.controller_number == controller.number;
                    }))
                    return false;
                config.controllers.erase(config.controllers.begin() + at);
                needs_off = true;
            }
            }
            std::erase_if(config.extras, [&](const Extra& extra) { return iequals(extra.owner, suffix); });
            return true;
        }
    return false;
}

std::optional<ids::Parsed> setting_reference(const std::string& text) {
    auto path = cim::ObjectPath::parse(text);
    return path ? ids::parse(path->text_key("InstanceID")) : std::nullopt;
}

std::optional<Guid> vm_in_references(const Call& call) {
    auto references = call.texts("ResourceSettings");
    auto id = references.empty() ? std::nullopt : setting_reference(references.front());
    return id && find_vm(call.world, id->owner) ? std::optional(id->owner) : std::nullopt;
}

Outcome remove_resources(Call& call) {
    auto references = call.texts("ResourceSettings");
    auto owner = vm_in_references(call);
    auto* vm = owner ? find_vm(call.world, *owner) : nullptr;
    if (!vm) return refused(call, "ResourceSettings names no setting of a virtual machine");
    auto config = vm->config;
    for (const auto& reference : references) {
        auto id = setting_reference(reference);
        bool needs_off = false;
        if (!id || id->owner != vm->id || !take_out(config, id->suffix, needs_off))
            return refused(call, "no such setting: " + reference);
        if (!vm->off() && (needs_off || !vm->running()))
            return device_failure(call, code::invalid_state, failures::remove_failed, *vm, id->suffix,
                                  say(call.chinese(), failures::invalid_state));
    }
    vm->config = std::move(config);
    vm->changed_ms = call.now_ms;
    return {};
}

/// Properties that need the VM off are refused at once (recorded: 32768), unless jobs are forced.
std::uint32_t refuse_system_change(const Call& call) {
    auto id = vm_in_first_text(call, "SystemSettings");
    const auto* vm = id ? find_vm(call.world, *id) : nullptr;
    auto embedded = read_embedded(call.view(), call.text("SystemSettings"), "Msvm_VirtualSystemSettingData");
    if (!vm || vm->off() || !embedded.instance || call.world.tuning.answers == 2) return code::done;
    return needs_vm_off(call, *vm, *embedded.instance) ? code::failed : code::done;
}

Outcome modify_system_settings(Call& call) {
    auto embedded = read_embedded(call.view(), call.text("SystemSettings"), "CIM_VirtualSystemSettingData");
    if (!embedded.instance) return refused(call, embedded.reason);
    auto id = ids::parse(embedded.instance->text_or("InstanceID", ""));
    auto* vm = id && id->suffix.empty() ? find_vm(call.world, id->owner) : nullptr;
    if (!vm) return refused(call, "SystemSettings names no virtual machine");
    auto config = vm->config;
    auto outcome = modify_system(call, *vm, config, *embedded.instance);
    if (outcome.code != code::done) return outcome;
    vm->config = std::move(config);
    vm->changed_ms = call.now_ms;
    return outcome;
}

Outcome modify_components(Call& call) {
    for (const auto& text : call.texts("ComponentSettings")) {
        auto embedded = read_embedded(call.view(), text, "Msvm_SystemComponentSettingData");
        if (!embedded.instance) return refused(call, embedded.reason);
        auto id = ids::parse(embedded.instance->text_or("InstanceID", ""));
        auto* vm = id ? find_vm(call.world, id->owner) : nullptr;
        if (!vm || !vm->off()) return refused(call, "the virtual machine must exist and be off");
        if (auto mode = embedded.instance->uint("EmulationMode"))
            vm->config.pcie_emulation = static_cast<std::uint16_t>(*mode);
        if (auto topology = embedded.instance->uint("Topology"))
            vm->config.pcie_topology = static_cast<std::uint16_t>(*topology);
    }
    return {};
}

Outcome get_summaries(Call& call) {
    std::vector<Guid> vms;
    if (call.parameter("SettingData").is_null())
        for (const auto& vm : call.world.vms)
            vms.push_back(vm.id);
    for (const auto& reference : call.texts("SettingData")) {
        const auto* vm = vm_of_settings(call.world, reference);
        if (!vm) return refused(call, "SettingData names no virtual machine");
        vms.push_back(vm->id);
    }
    const auto* shape = ClassShape::find(kV2, "Msvm_SummaryInformation", call.world.host.build);
    auto wanted = Wanted::keys(*shape).add("InstanceID");
    for (auto number : call.parameter("RequestedInformation").as_uints())
        if (auto name = summary_property(static_cast<std::uint32_t>(number)); !name.empty()) wanted.add(name);
    std::vector<cim::Instance> summaries;
    for (const auto& id : vms) {
        auto end = summary_of(call.view(), id);
        Row row(wanted);
        end->family->fill(call.view(), end->object, row);
        summaries.push_back(row.instance(call.world.host.name));
    }
    Outcome outcome;
    outcome.out.push_back({"SummaryInformation", cim::Value::objects(std::move(summaries))});
    return outcome;
}

} // namespace

void add_system_management(Methods& out) {
    out.push_back({kClass, "AddResourceSettings", 30, false, true, nullptr, nullptr, add_resources, vm_in_parameter});
    out.push_back({kClass, "ModifyResourceSettings", 31, false, true, nullptr, nullptr, modify_resources,
                   [](const Call& call) { return vm_in_first_text(call, "ResourceSettings"); }});
    out.push_back(
        {kClass, "RemoveResourceSettings", 32, false, true, nullptr, nullptr, remove_resources, vm_in_references});
    out.push_back({kClass, "ModifySystemSettings", 2, true, true, refuse_system_change, nullptr, modify_system_settings,
                   [](const Call& call) { return vm_in_first_text(call, "SystemSettings"); }});
    out.push_back(
        {kClass, "ModifySystemComponentSettings", 2, false, true, nullptr, nullptr, modify_components, nullptr});
    out.push_back({kClass, "GetSummaryInformation", 0, false, false, nullptr, nullptr, get_summaries, nullptr});
}

} // namespace exhyperv::sim

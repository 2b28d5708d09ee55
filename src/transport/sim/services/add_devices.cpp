#include "support/strings.h"
#include "transport/sim/cim/configs.h"
#include "transport/sim/services/vm_change.h"
#include "transport/sim/world/gpu_choice.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kGpu = "GPU Partition", kPort = "Virtual Pci Express Port", kDisk = "Virtual Hard Disk";

/// A setting made from nothing instead of from the default template lacks these three; the provider refuses it
/// (wmi-facts 1.8).
bool complete(const cim::Instance& given, std::uint16_t type, std::string_view sub_type) {
    return given.uint("ResourceType") == type && iequals(given.text_or("ResourceSubType", ""), sub_type) &&
           given.text("PoolID") == "";
}

Outcome invalid(const Call& call, const Vm& vm, std::string_view device) {
    return device_failure(call, code::invalid_parameter, failures::add_failed, vm, device,
                          say(call.chinese(), failures::invalid_parameter));
}

Outcome wrong_state(const Call& call, const Vm& vm, std::string_view device) {
    return device_failure(call, code::invalid_state, failures::add_failed, vm, device,
                          say(call.chinese(), failures::invalid_state));
}

std::uint32_t free_slot(const VmConfig& config, const Controller& controller) {
    std::uint32_t slot = 0;
    auto taken = [&] {
        return std::any_of(config.drives.begin(), config.drives.end(), [&](const Drive& drive) {
            return drive.controller == controller.id && drive.controller_number == controller.number &&
                   drive.slot == slot;
        });
    };
    while (taken())
        ++slot;
    return slot;
}

} // namespace

Added add_gpu(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given) {
    if (!vm.off() && !vm.running()) return {wrong_state(call, vm, kGpu), {}, {}};
    if (!complete(given, 32770, "Microsoft:Hyper-V:GPU Partition")) return {invalid(call, vm, kGpu), {}, {}};
    for (const auto& property : given.properties())
        if (icontains(property.name, "Partition") && cim::is_integer(property.value.type()) &&
            !property.value.is_null())
            return {invalid(call, vm, kGpu), {}, {}};
    GpuAllocation allocation{.id = Guid::random()};
    auto resources = given.strings("HostResource");
    // Client builds before 20348 do not let anybody choose the card.
    if (!resources.empty() && call.world.host.build >= 20348) {
        const auto* gpu = resources.size() == 1 ? find_gpu(call.world, gpu_name_of(resources.front())) : nullptr;
        if (!gpu || !gpu_listed(call.world, *gpu))
            return {device_failure(call, code::failed, failures::add_failed, vm, kGpu, {}), {}, {}};
        allocation.host_resource = gpu_object_path(call.world, *gpu);
    }
    config.gpus.push_back(allocation);
    return {{}, allocation.id.str(), setting_class(SettingKind::gpu)};
}

Added add_device(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given) {
    if (!vm.off()) return {wrong_state(call, vm, kPort), {}, {}};
    if (!complete(given, 32769, "Microsoft:Hyper-V:Virtual Pci Express Port"))
        return {invalid(call, vm, kPort), {}, {}};
    const auto zh = call.chinese();
    if (call.world.host.refuses_assignment)
        return {device_failure(call, code::failed, failures::add_failed, vm, kPort, say(zh, failures::type_refused)),
                {},
                {}};
    auto resources = given.strings("HostResource");
    auto path = resources.size() == 1 ? cim::ObjectPath::parse(resources.front())
                                      : Result<cim::ObjectPath>(fail("cim.bad_path"));
    if (!path || !iequals(path->class_name, "Msvm_PciExpress")) return {invalid(call, vm, kPort), {}, {}};
    auto end = resolve(call.view(), *path);
    if (!end || end->object.vm) {
        auto id = ids::parse(path->text_key("DeviceID"));
        const auto* known = id ? find_function(call.world, id->suffix) : nullptr;
        auto name = known ? known->location_path : path->text_key("DeviceID");
        return {device_failure(call, code::failed, failures::add_failed, vm, kPort,
                               say(zh, failures::device_not_found, {name, call.world.host.name})),
                {},
                {}};
    }
    const auto& function = *static_cast<const PciFunction*>(end->object.item);
    auto here = std::any_of(config.devices.begin(), config.devices.end(),
                            [&](const auto& d) { return iequals(d.function, function.pure_id); });
    if (here || owner_of(call.world, function))
        return {device_failure(call, code::in_use, failures::add_failed, vm, kPort,
                               say(zh, failures::device_taken, {function.location_path})),
                {},
                {}};
    PciAllocation allocation{.id = Guid::random(),
                             .host_resource = end->family->path_of(call.view(), end->object).full(),
                             .function = function.pure_id};
    if (const auto* functions = given.find("VirtualFunctions"); functions && !functions->is_null()) {
        allocation.virtual_functions.clear();
        for (auto number : functions->as_uints())
            allocation.virtual_functions.push_back(static_cast<std::uint16_t>(number));
    }
    config.devices.push_back(allocation);
    return {{}, allocation.id.str(), setting_class(SettingKind::pci)};
}

Added add_storage_part(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given) {
    const auto type = given.uint("ResourceType").value_or(0);
    const auto sub = given.text_or("ResourceSubType", "");
    const auto scsi = type == 6, drive = type == 17 || type == 16, image = type == 31;
    if (!vm.off() && !(vm.running() && !scsi)) return {wrong_state(call, vm, kDisk), {}, {}};
    if (scsi) {
        Controller controller{.id = Guid::random(), .kind = ControllerKind::scsi};
        config.controllers.push_back(controller);
        return {{},
                setting_suffix(config, SettingKind::controller, config.controllers.size() - 1),
                setting_class(SettingKind::controller)};
    }
    auto parent = cim::ObjectPath::parse(given.text_or("Parent", ""));
    auto parent_id = parent ? ids::parse(parent->text_key("InstanceID")) : std::nullopt;
    if (!parent_id || parent_id->owner != vm.id || (!drive && !image)) return {invalid(call, vm, kDisk), {}, {}};
    if (drive) {
        for (std::size_t i = 0; i < config.controllers.size(); ++i) {
            if (!iequals(setting_suffix(config, SettingKind::controller, i), parent_id->suffix)) continue;
            const auto& controller = config.controllers[i];
            auto slot = parse_u64(given.text_or("AddressOnParent", ""));
            Drive added{.controller = controller.id,
                        .controller_number = controller.number,
                        .slot = slot ? static_cast<std::uint32_t>(*slot) : free_slot(config, controller)};
            added.kind = type == 16                   ? DriveKind::dvd
                         : icontains(sub, "Physical") ? DriveKind::physical
                                                      : DriveKind::disk;
            if (added.kind == DriveKind::physical && !given.strings("HostResource").empty())
                added.image = given.strings("HostResource").front();
            for (const auto& other : config.drives)
                if (other.controller == added.controller && other.controller_number == added.controller_number &&
                    other.slot == added.slot)
                    return {device_failure(call, code::in_use, failures::add_failed, vm, kDisk, {}), {}, {}};
            config.drives.push_back(added);
            return {{},
                    setting_suffix(config, SettingKind::drive, config.drives.size() - 1),
                    setting_class(SettingKind::drive)};
        }
        return {invalid(call, vm, kDisk), {}, {}};
    }
    for (std::size_t i = 0; i < config.drives.size(); ++i) {
        if (!iequals(setting_suffix(config, SettingKind::drive, i), parent_id->suffix)) continue;
        auto files = given.strings("HostResource");
        if (files.size() != 1 || !config.drives[i].image.empty()) return {invalid(call, vm, kDisk), {}, {}};
        config.drives[i].image = files.front();
        return {{}, setting_suffix(config, SettingKind::storage, i), setting_class(SettingKind::storage)};
    }
    // An image straight under the controller: recorded as 32768.
    return {device_failure(call, code::failed, failures::add_failed, vm, kDisk, {}), {}, {}};
}

} // namespace exhyperv::sim

#include "transport/sim/world/world.h"

#include "cim/object_path.h"
#include "support/strings.h"
#include "transport/sim/world/ids.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

std::string_view pure_id_of(std::string_view path) {
    if (istarts_with(path, "PCIP\\")) return path.substr(5);
    if (istarts_with(path, "PCI\\")) return path.substr(4);
    return path;
}

template <class Items, class Match>
auto first(Items& items, Match match) -> decltype(items.data()) {
    auto it = std::find_if(items.begin(), items.end(), match);
    return it == items.end() ? nullptr : &*it;
}

} // namespace

Vm* find_vm(World& world, const Guid& id) {
    return first(world.vms, [&](const Vm& vm) { return vm.id == id; });
}
const Vm* find_vm(const World& world, const Guid& id) {
    return first(world.vms, [&](const Vm& vm) { return vm.id == id; });
}

std::string disk_device_id(const HostDisk& disk) {
    return ids::component(Guid::from_name("disk:" + disk.name), std::to_string(disk.number));
}
const HostDisk* passed_through(const World& world, const Drive& drive) {
    if (drive.kind != DriveKind::physical) return nullptr;
    const auto path = cim::ObjectPath::parse(drive.image);
    if (!path) return nullptr;
    return first(world.disks,
                 [&](const HostDisk& disk) { return iequals(disk_device_id(disk), path->text_key("DeviceID")); });
}

PciFunction* find_function(World& world, std::string_view path) {
    auto pure = pure_id_of(path);
    return first(world.functions, [&](const PciFunction& f) { return iequals(f.pure_id, pure); });
}
const PciFunction* find_function(const World& world, std::string_view path) {
    auto pure = pure_id_of(path);
    return first(world.functions, [&](const PciFunction& f) { return iequals(f.pure_id, pure); });
}

PciFunction* find_function_at(World& world, std::string_view location_path) {
    return first(world.functions,
                 [&](const PciFunction& f) { return !f.gone && iequals(f.location_path, location_path); });
}

const Gpu* find_gpu(const World& world, std::string_view interface_path) {
    return first(world.gpus, [&](const Gpu& gpu) { return iequals(gpu.interface_path, interface_path); });
}

bool gpu_listed(const World& world, const Gpu& gpu) {
    const auto* function = find_function(world, gpu.function);
    return function && function->on_host() && function->problem == problem::none;
}

const Vm* owner_of(const World& world, const PciFunction& function) {
    for (const auto& vm : world.vms)
        for (const auto& allocation : vm.config.devices)
            if (iequals(allocation.function, function.pure_id)) return &vm;
    return nullptr;
}

const StoredRegistryKey* find_key(const World& world, std::string_view path) {
    return first(world.registry, [&](const StoredRegistryKey& key) { return iequals(key.path, path); });
}

std::optional<std::uint32_t> registry_number(const World& world, std::string_view path, std::string_view name) {
    const auto* key = find_key(world, path);
    if (!key) return std::nullopt;
    const auto* value = first(key->values, [&](const StoredRegistryValue& v) { return iequals(v.name, name); });
    if (!value || value->data.size() < 4) return std::nullopt;
    std::uint32_t number = 0;
    for (int i = 3; i >= 0; --i)
        number = number << 8 | static_cast<std::uint8_t>(value->data[static_cast<std::size_t>(i)]);
    return number;
}

} // namespace exhyperv::sim

#include "transport/sim/scenario/furnish.h"

#include "cim/object_path.h"
#include "support/strings.h"
#include "transport/sim/material/spec_json.h"
#include "transport/sim/world/ids.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>

namespace exhyperv::sim {

namespace {

struct DeviceClass {
    std::string_view name, guid;
    std::uint32_t base, sub, prog_if;
};
constexpr DeviceClass kClasses[] = {
    {"Display", "{4d36e968-e325-11ce-bfc1-08002be10318}", 0x03, 0x00, 0},
    {"Net", "{4d36e972-e325-11ce-bfc1-08002be10318}", 0x02, 0x00, 0},
    {"SCSIAdapter", "{4d36e97b-e325-11ce-bfc1-08002be10318}", 0x01, 0x08, 2},
    {"HDC", "{4d36e96a-e325-11ce-bfc1-08002be10318}", 0x01, 0x06, 1},
    {"USB", "{36fc9e60-c465-11cf-8056-444553540000}", 0x0C, 0x03, 0x30},
    {"MEDIA", "{4d36e96c-e325-11ce-bfc1-08002be10318}", 0x04, 0x03, 0},
    {"System", "{4d36e97d-e325-11ce-bfc1-08002be10318}", 0x06, 0x04, 0},
    {"ComputeAccelerator", "{f01a9d53-3ff6-48d2-9f97-c8a7004be10c}", 0x12, 0x00, 0},
    {"DiskDrive", "{4d36e967-e325-11ce-bfc1-08002be10318}", 0, 0, 0},
    {"Keyboard", "{4d36e96b-e325-11ce-bfc1-08002be10318}", 0, 0, 0},
    {"Mouse", "{4d36e96f-e325-11ce-bfc1-08002be10318}", 0, 0, 0},
    {"HIDClass", "{745a17a0-74d3-11d0-b6fe-00a0c90f57da}", 0, 0, 0},
    {"Monitor", "{4d36e96e-e325-11ce-bfc1-08002be10318}", 0, 0, 0},
    {"AudioEndpoint", "{c166523c-fe0c-4a94-a586-f1a80cfbbf3e}", 0, 0, 0},
    {"Bluetooth", "{e0cbf06c-cd8b-4647-bb8a-263b43f0f974}", 0, 0, 0},
};

StoredRegistryValue stored(const host::RegistryValue& value) {
    return {value.name, value.type, std::string(reinterpret_cast<const char*>(value.data.data()), value.data.size())};
}

constexpr std::uint64_t kNormalized = 1'000'000'000, kAllOnes = ~std::uint64_t{0};

} // namespace

std::string class_guid(std::string_view device_class) {
    for (const auto& each : kClasses)
        if (iequals(each.name, device_class)) return std::string(each.guid);
    return {};
}

void set_class_codes(PciFunction& function) {
    for (const auto& each : kClasses) {
        if (!iequals(each.name, function.device_class)) continue;
        if (!function.base_class) function.base_class = each.base;
        if (!function.sub_class) function.sub_class = each.sub;
        if (!function.prog_if) function.prog_if = each.prog_if;
    }
}

std::string interface_path(const PciFunction& function) {
    return "\\\\?\\PCI#" + replace_all(function.pure_id, "\\", "#") +
           "#{064092b3-625e-43bf-9eb5-dc845897dd59}\\GPUPARAV";
}

Gpu usual_gpu(const PciFunction& function, bool sriov) {
    Gpu gpu;
    gpu.interface_path = interface_path(function);
    gpu.function = function.pure_id;
    gpu.sriov = sriov;
    const Amounts normalized{kNormalized, kNormalized, 0, kNormalized, kNormalized};
    gpu.vram = gpu.decode = gpu.compute = normalized;
    gpu.encode = {kAllOnes, kAllOnes, 0, kAllOnes, kAllOnes};
    if (sriov) {
        gpu.valid_counts = {16, 8, 4, 2, 1};
        gpu.partition_count = 4;
        gpu.encode_all_ones = false;
        gpu.encode = normalized;
    }
    return gpu;
}

void MemoryMap::add(PciFunction& function, std::uint64_t size, bool high) {
    auto& cursor = high ? high_ : low_;
    const auto alignment = std::bit_ceil(std::max<std::uint64_t>(size, 4096));
    cursor = (cursor + alignment - 1) / alignment * alignment;
    function.memory.emplace_back(cursor, cursor + size - 1);
    cursor += size;
    auto counts = function.bar_types.value_or(0);
    function.bar_types = counts + (high ? 1u << 24 : 1u << 8);
}

void set_address(PciFunction& function, std::uint32_t bus) {
    function.bus = bus;
    auto at = function.location_path.rfind("#PCI(");
    auto digits = at == std::string::npos ? std::string() : function.location_path.substr(at + 5, 4);
    if (auto address = parse_u64("0x" + digits)) {
        function.device = static_cast<std::uint32_t>(*address >> 8);
        function.function = static_cast<std::uint32_t>(*address & 0xFF);
    }
}

void set_value(World& world, const std::string& key, const host::RegistryValue& value) {
    auto kept = stored(value);
    for (auto& known : world.registry) {
        if (!iequals(known.path, key)) continue;
        std::erase_if(known.values, [&](const auto& old) { return iequals(old.name, value.name); });
        known.values.push_back(std::move(kept));
        return;
    }
    world.registry.push_back({key, {std::move(kept)}});
}

void install_driver(World& world, PciFunction& function, const PackageSpec& package) {
    auto spec = with_defaults(package);
    const auto text = to_json(spec).dump();
    const auto facts = driver_facts(spec);
    std::string published;
    for (const auto& known : world.packages)
        if (known.spec == text && published.empty()) published = known.inf;
    if (published.empty()) {
        for (const auto& package_in_store : store_packages(spec)) {
            auto inf = fmt::format("oem{}.inf", 10 + world.packages.size());
            if (published.empty()) published = inf;
            world.packages.push_back({inf, package_in_store.directory, text, false});
        }
    }
    auto instance = static_cast<std::uint32_t>(
        std::count_if(world.functions.begin(), world.functions.end(), [&](const PciFunction& other) {
            return iequals(other.device_class, facts.class_name) && !other.driver_key.empty();
        }));
    function.inf = published;
    function.driver_version = spec.version;
    function.driver_date = spec.date;
    if (function.service.empty()) function.service = facts.service;
    if (function.vram_bytes == 0) function.vram_bytes = spec.vram_bytes;
    function.driver_key = fmt::format("{}\\{:04}", facts.class_guid, instance);
    for (const auto& key : package_registry(spec, instance, published))
        for (const auto& value : key.values)
            set_value(world, key.path, value);
}

void write_host_registry(World& world) {
    using host::RegistryValue;
    const auto& host = world.host;
    set_value(world, "SYSTEM\\CurrentControlSet\\Control\\ProductOptions",
              RegistryValue::text("ProductType", host.server() ? "ServerNT" : "WinNT"));
    const std::string version = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
    set_value(world, version, RegistryValue::text("CurrentBuildNumber", std::to_string(host.build)));
    set_value(world, version, RegistryValue::text("ProductName", host.os_name));
    for (const auto& function : world.functions) {
        StoredRegistryKey key{"SYSTEM\\CurrentControlSet\\Enum\\PCI\\" + function.pure_id, {}};
        auto add = [&](const char* name, const std::string& text) {
            if (!text.empty()) key.values.push_back(stored(RegistryValue::text(name, text)));
        };
        add("DeviceDesc", function.name);
        add("ClassGUID", function.class_guid);
        add("Service", function.service);
        add("Driver", function.driver_key);
        world.registry.push_back(std::move(key));
    }
}

void make_dismounted(PciFunction& function, std::int64_t now_ms) {
    function.node_phantom = true;
    function.problem = problem::disabled;
    function.twin = Twin::present;
    function.registered_ms = now_ms;
}

std::string express_path(const World& world, const PciFunction& function) {
    cim::ObjectPath path{world.host.name, "root\\virtualization\\v2", "Msvm_PciExpress", {}, false};
    path.keys = {{"CreationClassName", "Msvm_PciExpress"},
                 {"DeviceID", ids::component(Guid::from_name("pci:" + function.pure_id), function.twin_path())},
                 {"SystemCreationClassName", "Msvm_ComputerSystem"},
                 {"SystemName", world.host.name}};
    return path.full();
}

} // namespace exhyperv::sim

#include "transport/sim/world/device_properties.h"

#include "support/strings.h"

namespace exhyperv::sim {

namespace {

using Value = std::optional<host::PropertyValue>;

constexpr std::string_view kDevice = "A45C254E-DF1C-4EFD-8020-67D146A850E0",
                           kStatus = "4340A6C5-93FA-4706-972C-7B648008A5A7",
                           kDriver = "A8B865DD-2E3D-4094-AD97-E593A70C75D6",
                           kPci = "3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", kGpu = "60B193CB-5276-4D0F-96FC-F173ABAD3EC6";

Value text(const std::string& value) {
    return value.empty() ? Value() : Value(value);
}
Value number(std::uint64_t value) {
    return Value(host::PropertyValue(value));
}
Value number(const std::optional<std::uint32_t>& value) {
    return value ? number(std::uint64_t{*value}) : Value();
}

Value device(const Node& node, std::uint32_t id) {
    const auto words = describe_node(node);
    const auto* f = node.function;
    switch (id) {
    case 2:
    case 14:
        return text(words.name);
    case 3: {
        auto ids = hardware_ids(node);
        return ids.empty() ? Value() : Value(std::move(ids));
    }
    case 6:
        return text(words.service);
    case 9:
        return text(words.device_class);
    case 10:
        return text(words.class_guid);
    case 11:
        return f && !node.twin ? text(f->driver_key) : Value();
    case 13:
        return text(words.manufacturer);
    case 23:
        return f ? number(std::uint64_t{f->bus}) : Value();
    case 30:
        return f ? number(std::uint64_t{f->device} << 16 | f->function) : Value();
    case 37: {
        if (!f) return {};
        std::vector<std::string> paths{f->location_path};
        if (!f->acpi_path.empty()) paths.push_back(f->acpi_path);
        return Value(std::move(paths));
    }
    default:
        return {};
    }
}

Value driver(const PciFunction& f, std::uint32_t id) {
    switch (id) {
    case 2:
        return text(f.driver_date);
    case 3:
        return text(f.driver_version);
    case 5:
        return text(f.inf);
    default:
        return {};
    }
}

Value pci(const PciFunction& f, std::uint32_t id) {
    switch (id) {
    case 1:
        return number(f.device_type);
    case 3:
        return number(f.base_class);
    case 4:
        return number(f.sub_class);
    case 5:
        return number(f.prog_if);
    case 14:
        return number(f.interrupt_support);
    case 15:
        return number(f.interrupt_messages);
    case 16:
        return number(f.bar_types);
    case 26:
        return number(f.sriov_support);
    case 29:
        return number(f.acs_support);
    case 31:
        return number(f.acs_compatible);
    case 34:
        return f.reserved_memory ? Value(host::PropertyValue(*f.reserved_memory)) : Value();
    case 38:
        return number(f.d3_cold);
    default:
        return {};
    }
}

} // namespace

std::uint64_t adapter_luid(const PciFunction& f) {
    if (f.base_class.value_or(0) != 3) return 0;
    return 0xC000 + (std::uint64_t{f.bus} << 8 | f.device << 3 | f.function);
}

Value device_property(const Node& node, const host::PropertyKey& key) {
    if (iequals(key.format_id, kDevice)) return device(node, key.id);
    if (iequals(key.format_id, kStatus)) {
        if (key.id == 3) return node.problem != 0 ? number(std::uint64_t{node.problem}) : Value();
        return key.id == 8 ? text(describe_node(node).parent) : Value();
    }
    // The PCIP\ twin carries none of the function's PCI or driver properties.
    if (!node.function || node.twin) return {};
    if (iequals(key.format_id, kDriver)) return driver(*node.function, key.id);
    if (iequals(key.format_id, kPci)) return pci(*node.function, key.id);
    if (iequals(key.format_id, kGpu) && key.id == 2)
        return adapter_luid(*node.function) != 0 ? number(adapter_luid(*node.function)) : Value();
    return {};
}

} // namespace exhyperv::sim

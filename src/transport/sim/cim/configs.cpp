#include "transport/sim/cim/configs.h"

#include "support/strings.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

#include <fmt/format.h>

namespace exhyperv::sim {

bool each_config(const View& view, const Visit& visit) {
    for (const auto& vm : view.world.vms) {
        if (!visit(Object{.vm = &vm, .config = &vm.config, .owner = vm.id})) return false;
        for (const auto& checkpoint : vm.checkpoints)
            if (!visit(Object{.vm = &vm, .config = &checkpoint.config, .owner = checkpoint.id, .item = &checkpoint}))
                return false;
    }
    return true;
}

std::optional<Object> find_config(const View& view, const Guid& owner) {
    std::optional<Object> found;
    each_config(view, [&](const Object& object) {
        if (object.owner != owner) return true;
        found = object;
        return false;
    });
    return found;
}

cim::Value to_value(const StoredValue& stored) {
    auto type = static_cast<cim::CimType>(stored.type);
    if (stored.null) return cim::Value::null(type, stored.array);
    if (!stored.array) {
        auto value = cim::Value::parse(type, stored.text.empty() ? std::string() : stored.text.front());
        return value ? *value : cim::Value::null(type);
    }
    std::vector<cim::Value::Scalar> elements;
    for (const auto& text : stored.text)
        if (auto value = cim::Value::parse(type, text); value && !value->elements().empty())
            elements.push_back(value->elements().front());
    return cim::Value::array(type, std::move(elements));
}

StoredValue to_stored(const cim::Value& value) {
    StoredValue stored{static_cast<std::uint8_t>(value.type()), value.is_array(), value.is_null(), {}};
    if (!value.is_null())
        for (const auto& element : value.elements())
            stored.text.push_back(cim::Value::scalar_text(element));
    return stored;
}

void fill_extras(const VmConfig& config, std::string_view owner, Row& row) {
    for (const auto& extra : config.extras)
        if (iequals(extra.owner, owner) && row.wants(extra.name)) row.value(extra.name, to_value(extra.value));
}

std::size_t setting_count(const VmConfig& config, SettingKind kind) {
    switch (kind) {
    case SettingKind::memory:
    case SettingKind::processor:
        return 1;
    case SettingKind::gpu:
        return config.gpus.size();
    case SettingKind::pci:
        return config.devices.size();
    case SettingKind::controller:
        return config.controllers.size();
    case SettingKind::drive:
        return config.drives.size();
    case SettingKind::storage:
        return config.drives.size();
    case SettingKind::nic:
    case SettingKind::connection:
        return config.nics.size();
    }
    return 0;
}

std::string setting_suffix(const VmConfig& config, SettingKind kind, std::size_t index) {
    switch (kind) {
    case SettingKind::memory:
        return std::string(ids::kMemory);
    case SettingKind::processor:
        return std::string(ids::kProcessor) + "\\0";
    case SettingKind::gpu:
        return config.gpus[index].id.str();
    case SettingKind::pci:
        return config.devices[index].id.str();
    case SettingKind::controller:
        return fmt::format("{}\\{}", config.controllers[index].id.str(), config.controllers[index].number);
    case SettingKind::drive:
    case SettingKind::storage: {
        const auto& drive = config.drives[index];
        return fmt::format("{}\\{}\\{}\\{}", drive.controller.str(), drive.controller_number, drive.slot,
                           kind == SettingKind::drive ? "D" : "L");
    }
    case SettingKind::nic:
        return config.nics[index].id.str();
    case SettingKind::connection:
        return config.nics[index].id.str() + "\\C";
    }
    return {};
}

std::string_view setting_class(SettingKind kind) {
    switch (kind) {
    case SettingKind::memory:
        return "Msvm_MemorySettingData";
    case SettingKind::processor:
        return "Msvm_ProcessorSettingData";
    case SettingKind::gpu:
        return "Msvm_GpuPartitionSettingData";
    case SettingKind::pci:
        return "Msvm_PciExpressSettingData";
    case SettingKind::controller:
    case SettingKind::drive:
        return "Msvm_ResourceAllocationSettingData";
    case SettingKind::storage:
        return "Msvm_StorageAllocationSettingData";
    case SettingKind::nic:
        return "Msvm_SyntheticEthernetPortSettingData";
    case SettingKind::connection:
        return "Msvm_EthernetPortAllocationSettingData";
    }
    return {};
}

std::span<const ResourceType> resource_types() {
    constexpr std::string_view rasd = "Msvm_ResourceAllocationSettingData", sasd = "Msvm_StorageAllocationSettingData";
    static const ResourceType all[] = {
        {3, "Microsoft:Hyper-V:Processor", "Msvm_ProcessorSettingData", &captions::processor, nullptr},
        {4, "Microsoft:Hyper-V:Memory", "Msvm_MemorySettingData", &captions::memory, nullptr},
        {5, "Microsoft:Hyper-V:Emulated IDE Controller", rasd, &captions::ide_controller, nullptr},
        {6, "Microsoft:Hyper-V:Synthetic SCSI Controller", rasd, &captions::scsi_controller, nullptr},
        {10, "Microsoft:Hyper-V:Synthetic Ethernet Port", "Msvm_SyntheticEthernetPortSettingData",
         &captions::network_adapter, nullptr},
        {16, "Microsoft:Hyper-V:Synthetic DVD Drive", rasd, &captions::dvd_drive, nullptr},
        {17, "Microsoft:Hyper-V:Synthetic Disk Drive", rasd, &captions::hard_drive, nullptr},
        {17, "Microsoft:Hyper-V:Physical Disk Drive", rasd, &captions::physical_drive, nullptr},
        {31, "Microsoft:Hyper-V:Virtual Hard Disk", sasd, &captions::hard_disk_image, nullptr},
        {31, "Microsoft:Hyper-V:Virtual CD/DVD Disk", sasd, &captions::iso_image, nullptr},
        {33, "Microsoft:Hyper-V:Ethernet Connection", "Msvm_EthernetPortAllocationSettingData", &captions::connection,
         nullptr},
        {32769, "Microsoft:Hyper-V:Virtual Pci Express Port", "Msvm_PciExpressSettingData", &captions::pci_express,
         &captions::pci_express_description},
        {32770, "Microsoft:Hyper-V:GPU Partition", "Msvm_GpuPartitionSettingData", &captions::gpu_partition,
         &captions::gpu_partition_description},
    };
    return all;
}

const ResourceType& resource_type(std::uint16_t type, std::string_view sub_type) {
    for (const auto& each : resource_types())
        if (each.type == type && (sub_type.empty() || each.sub_type == sub_type)) return each;
    return resource_types().front();
}

void fill_resource(const View& view, const ResourceType& type, Row& row) {
    const auto zh = view.chinese();
    row.text("Caption", type.caption->in(zh)).text("ElementName", type.caption->in(zh));
    row.text("Description", (type.description ? type.description : type.caption)->in(zh));
    row.number("ResourceType", type.type).text("ResourceSubType", type.sub_type).text("PoolID", "");
    row.text("AllocationUnits", "count").text("VirtualQuantityUnits", "count").number("ConsumerVisibility", 3);
    row.number("VirtualQuantity", 1).number("Reservation", 1).number("Limit", 1).number("Weight", 0);
    row.flag("AutomaticAllocation", true)
        .flag("AutomaticDeallocation", true)
        .text("Address", "")
        .text("AddressOnParent", "");
}

} // namespace exhyperv::sim

#include "hyperv/gpus.h"

#include "hyperv/device_keys.h"
#include "hyperv/gpu_memory.h"
#include "hyperv/pci_devices.h"
#include "hyperv/provider.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::hyperv {

namespace {

model::GpuAmounts amounts(const cim::Instance& row, const std::string& what) {
    return {row.uint("Total" + what).value_or(0), row.uint("Available" + what).value_or(0),
            row.uint("MinPartition" + what).value_or(0), row.uint("MaxPartition" + what).value_or(0),
            row.uint("OptimalPartition" + what).value_or(0)};
}

model::Gpu* find_by_instance(std::vector<model::Gpu>& gpus, std::string_view instance_path) {
    for (model::Gpu& gpu : gpus)
        if (iequals(gpu.instance_path, instance_path)) return &gpu;
    return nullptr;
}

bool is_display(const host::DeviceNode& node) {
    const host::PropertyValue* base = node.property(device_key::kPciBaseClass);
    const auto* number = base ? std::get_if<std::uint64_t>(base) : nullptr;
    return iequals(device_key::text(node, device_key::kClass), "Display") || (number && *number == 3);
}

} // namespace

Result<std::vector<model::Gpu>> list_partitionable_gpus(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(const auto rows, read_class(session, "Msvm_PartitionableGpu", {}, std::nullopt, context));
    std::vector<model::Gpu> gpus;
    for (const cim::Instance& row : rows) {
        model::Gpu gpu;
        gpu.interface_path = row.text_or("Name", "");
        if (gpu.interface_path.empty()) continue;
        gpu.instance_path = model::instance_path_of_interface(gpu.interface_path);
        gpu.name = gpu.instance_path.empty() ? gpu.interface_path : gpu.instance_path;
        gpu.vendor = model::gpu_vendor_of(gpu.interface_path);
        if (row.path()) gpu.object_path = row.path()->full();
        if (const cim::Value* counts = row.find("ValidPartitionCounts"))
            for (const std::uint64_t count : counts->as_uints())
                gpu.valid_partition_counts.push_back(static_cast<std::uint16_t>(count));
        gpu.partition_count = static_cast<std::uint16_t>(row.uint("PartitionCount").value_or(0));
        gpu.vram = amounts(row, "VRAM");
        gpu.encode = amounts(row, "Encode");
        gpu.decode = amounts(row, "Decode");
        gpu.compute = amounts(row, "Compute");
        gpus.push_back(std::move(gpu));
    }
    return gpus;
}

Result<std::vector<model::Gpu>> list_gpus(host::Host& host, const CallContext& context) {
    TRY_ASSIGN(const auto devices, list_pci_devices(host, context));
    return list_gpus(host, devices, context);
}

Result<std::vector<model::Gpu>> list_gpus(host::Host& host, const std::vector<model::PciDevice>& places,
                                          const CallContext& context) {
    using namespace device_key;
    auto partitionable = list_partitionable_gpus(host.cim(), context);
    if (!partitionable && partitionable.error().code != "hyperv.class_missing")
        return partitionable; // before 14393: no such class
    std::vector<model::Gpu> gpus = partitionable ? std::move(*partitionable) : std::vector<model::Gpu>{};

    host::DeviceQuery query; // cards of ARM machines hang on ACPI, so every bus is asked for
    query.properties = {kDeviceDesc, kFriendlyName, kClass, kLocationPaths, kDriverVersion, kDriverDate, kPciBaseClass};
    TRY_ASSIGN(const auto nodes, host.devices().list(query, context));
    for (const auto& record : nodes) {
        const host::DeviceNode& node = record.node;
        model::Gpu* gpu = find_by_instance(gpus, node.instance_path);
        const bool hardware = istarts_with(node.instance_path, "PCI\\") || istarts_with(node.instance_path, "ACPI\\");
        if (!gpu && (!hardware || !is_display(node))) continue;
        const auto place = std::find_if(places.begin(), places.end(), [&](const model::PciDevice& device) {
            return iequals(device.instance_path, node.instance_path);
        });
        if (!gpu && !node.present && place == places.end()) continue; // pulled out long ago
        if (!gpu) {
            gpu = &gpus.emplace_back();
            gpu->instance_path = node.instance_path;
            gpu->vendor = model::gpu_vendor_of(node.instance_path);
        }
        gpu->name = display_name(node);
        gpu->location_path = location_path(node);
        gpu->driver_version = text(node, kDriverVersion);
        gpu->driver_date = text(node, kDriverDate);
        gpu->problem = node.problem;
        if (place != places.end()) {
            gpu->place = place->place;
            if (gpu->location_path.empty()) gpu->location_path = place->location_path;
        }
    }
    // The registry of another machine may be out of reach: its cards' memory is unknown then.
    if (auto memory = add_video_memory(host.registry(), gpus, context);
        !memory && memory.error().code != "host.registry_not_local")
        return fail(std::move(memory).error());
    std::stable_sort(gpus.begin(), gpus.end(), [](const model::Gpu& a, const model::Gpu& b) {
        return a.partitionable() != b.partitionable() ? a.partitionable() : a.location_path < b.location_path;
    });
    return gpus;
}

} // namespace exhyperv::hyperv

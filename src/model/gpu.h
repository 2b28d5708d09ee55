#pragma once

#include "model/pci_device.h"
#include "support/guid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::model {

enum class GpuVendor : std::uint8_t { unknown, nvidia, intel, amd, qualcomm, moore_threads, microsoft };
[[nodiscard]] std::string_view gpu_vendor_name(GpuVendor vendor); ///< "NVIDIA"
/// From VEN_xxxx of a hardware id, instance path or interface path.
[[nodiscard]] GpuVendor gpu_vendor_of(std::string_view device_id);

/// One of the four amounts of a partitionable GPU (VRAM, Encode, Decode, Compute): normalized numbers, never bytes.
struct GpuAmounts {
    std::uint64_t total = 0, available = 0, min = 0, max = 0, optimal = 0;
};

/// A card of the host that Hyper-V can partition, joined with its device node and driver.
struct Gpu {
    std::string name; ///< friendly name: "NVIDIA GeForce RTX 4070"
    GpuVendor vendor = GpuVendor::unknown;
    std::string interface_path; ///< Msvm_PartitionableGpu.Name, \\?\PCI#…\GPUPARAV; empty when not partitionable
    std::string object_path;    ///< WMI path of the Msvm_PartitionableGpu row
    std::string instance_path;  ///< PCI\VEN_…\…
    std::string location_path;
    std::string driver_version;
    std::string driver_date;
    std::optional<std::uint64_t> vram_bytes; ///< from the registry; unknown stays unknown
    std::uint32_t problem = 0;               ///< CM_PROB_* of the device node
    Place place;                             ///< a card that is dismounted or given to a VM whole is not partitionable
    std::vector<std::uint16_t> valid_partition_counts;
    std::uint16_t partition_count = 0;
    GpuAmounts vram, encode, decode, compute;
    [[nodiscard]] bool partitionable() const { return !interface_path.empty(); }
};

/// A GPU partition that a VM's settings hold.
struct GpuPartition {
    std::string id; ///< InstanceID of the Msvm_GpuPartitionSettingData
    std::string object_path;
    Guid vm_id;
    std::string gpu_interface_path; ///< from HostResource; empty when the host cannot tell (client builds before 20348)
    bool stale = false;             ///< HostResource names a GPU the host does not have any more
};

/// \\?\PCI#VEN_…#{guid}\GPUPARAV -> PCI\VEN_…\… (wmi-facts 5.1); empty when it has another shape.
[[nodiscard]] std::string instance_path_of_interface(std::string_view interface_path);

} // namespace exhyperv::model

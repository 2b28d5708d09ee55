#pragma once

#include "transport/sim/world/world.h"

namespace exhyperv::sim {

/// The Name inside an object path of an Msvm_PartitionableGpu; empty when the text is no such path.
[[nodiscard]] std::string gpu_name_of(std::string_view host_resource);
/// \\HOST\root\virtualization\v2:Msvm_PartitionableGpu.…: what HostResource holds.
[[nodiscard]] std::string gpu_object_path(const World& world, const Gpu& gpu);
/// The GPU an allocation means: the one its HostResource names if it is listed, or the first listed one when it names
/// none.
[[nodiscard]] const Gpu* gpu_of(const World& world, const GpuAllocation& allocation);

} // namespace exhyperv::sim

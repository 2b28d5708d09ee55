#include "transport/sim/world/gpu_choice.h"

#include "cim/object_path.h"
#include "support/strings.h"

namespace exhyperv::sim {

std::string gpu_name_of(std::string_view host_resource) {
    auto path = cim::ObjectPath::parse(host_resource);
    if (!path || !iequals(path->class_name, "Msvm_PartitionableGpu")) return {};
    return path->text_key("Name");
}

std::string gpu_object_path(const World& world, const Gpu& gpu) {
    cim::ObjectPath path{world.host.name, "root\\virtualization\\v2", "Msvm_PartitionableGpu", {}, false};
    path.keys = {{"CreationClassName", "Msvm_PartitionableGpu"}, {"Name", gpu.interface_path}};
    return path.full();
}

const Gpu* gpu_of(const World& world, const GpuAllocation& allocation) {
    if (!allocation.host_resource.empty()) {
        const auto* gpu = find_gpu(world, gpu_name_of(allocation.host_resource));
        return gpu && gpu_listed(world, *gpu) ? gpu : nullptr;
    }
    for (const auto& gpu : world.gpus)
        if (gpu_listed(world, gpu)) return &gpu;
    return nullptr;
}

} // namespace exhyperv::sim

#include "app/session.h"

#include "support/strings.h"

namespace exhyperv::app {

std::vector<const model::GpuPartition*> Inventory::partitions_of_vm(const Guid& vm) const {
    std::vector<const model::GpuPartition*> out;
    for (const auto& partition : partitions)
        if (partition.vm_id == vm) out.push_back(&partition);
    return out;
}

std::vector<const model::GpuPartition*> Inventory::partitions_of_gpu(const model::Gpu& gpu) const {
    std::vector<const model::GpuPartition*> out;
    if (!gpu.partitionable()) return out;
    for (const auto& partition : partitions)
        if (iequals(partition.gpu_interface_path, gpu.interface_path)) out.push_back(&partition);
    return out;
}

const model::Gpu* Inventory::gpu_of(const model::GpuPartition& partition) const {
    if (partition.gpu_interface_path.empty()) return nullptr;
    for (const auto& gpu : gpus)
        if (iequals(partition.gpu_interface_path, gpu.interface_path)) return &gpu;
    return nullptr;
}

const model::Vm* Inventory::vm(const Guid& id) const {
    for (const auto& vm : vms)
        if (vm.id == id) return &vm;
    return nullptr;
}

} // namespace exhyperv::app

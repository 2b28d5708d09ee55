#include "assign/preflight/survey.h"

#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/host_facts.h"
#include "hyperv/pci_devices.h"
#include "hyperv/vms.h"
#include "support/strings.h"

namespace exhyperv::assign {

std::vector<model::GpuPartition> Survey::partitions_of(const Guid& vm) const {
    std::vector<model::GpuPartition> found;
    for (const auto& partition : partitions)
        if (partition.vm_id == vm) found.push_back(partition);
    return found;
}

const model::Gpu* Survey::card_of(const model::GpuPartition& partition) const {
    for (const auto& gpu : gpus)
        if (gpu.partitionable() && iequals(gpu.interface_path, partition.gpu_interface_path)) return &gpu;
    return nullptr;
}

std::string Survey::vm_name(const Guid& vm) const {
    for (const auto& one : vms)
        if (one.id == vm) return one.name;
    return vm.str();
}

Result<Survey> read_survey(const Environment& environment, const CallContext& context) {
    host::Host& host = environment.host;
    Survey survey;
    TRY_ASSIGN(survey.facts, hyperv::read_host_facts(host, context));
    TRY_ASSIGN(survey.vms, hyperv::list_vms(host.cim(), context));
    TRY_ASSIGN(survey.devices, hyperv::list_pci_devices(host, context));
    TRY_ASSIGN(survey.gpus, hyperv::list_gpus(host, survey.devices, context));
    TRY_ASSIGN(survey.partitions, hyperv::list_gpu_partitions(host.cim(), survey.gpus, context));
    TRY_ASSIGN(survey.open, open_operations(environment));
    return survey;
}

} // namespace exhyperv::assign

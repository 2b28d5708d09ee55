#pragma once

#include "assign/operations.h"
#include "model/gpu.h"
#include "model/host_facts.h"
#include "model/pci_device.h"
#include "model/vm.h"

#include <vector>

namespace exhyperv::assign {

/// Everything a planner reads of a host, once, in a constant number of round trips.
struct Survey {
    model::HostFacts facts;
    std::vector<model::Vm> vms;
    std::vector<model::Gpu> gpus;
    std::vector<model::GpuPartition> partitions;
    std::vector<model::PciDevice> devices;
    std::vector<HistoryEntry> open; ///< operations a dead process left behind

    [[nodiscard]] std::vector<model::GpuPartition> partitions_of(const Guid& vm) const;
    /// The card of a partition; nullptr when the host does not have it any more or cannot tell.
    [[nodiscard]] const model::Gpu* card_of(const model::GpuPartition& partition) const;
    [[nodiscard]] std::string vm_name(const Guid& vm) const; ///< the GUID when there is no such VM
};

[[nodiscard]] Result<Survey> read_survey(const Environment& environment, const CallContext& context);

} // namespace exhyperv::assign

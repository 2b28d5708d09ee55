#pragma once

#include "host/cim_session.h"
#include "model/gpu.h"
#include "support/deadline.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace exhyperv::hyperv {

/// The GPU partitions in the settings of all VMs (checkpoints and templates left out), in one query.
/// `gpus` are the partitionable cards of the host: a partition whose card is not among them is stale.
[[nodiscard]] Result<std::vector<model::GpuPartition>>
list_gpu_partitions(host::CimSession& session, const std::vector<model::Gpu>& gpus, const CallContext& context);

/// Gives the VM a partition of the card: the pool's default template with HostResource set and every amount NULL
/// (wmi-facts 1.8 (a), (b), (d)). The new partition is found by comparing before with after, in the synchronous answer
/// and in the job's alike, and its HostResource is read back. Errors: gpu.not_partitionable, gpu.partition_not_created
/// (the provider said done and nothing is there), gpu.partition_of_other_card (it was taken away again), hyperv.*,
/// job.*.
[[nodiscard]] Result<model::GpuPartition> add_gpu_partition(host::CimSession& session, const Guid& vm,
                                                            const std::string& interface_path,
                                                            const CallContext& context);

/// Takes a partition out of a VM's settings, by its InstanceID; one that is not there is success. Read back.
/// Errors: gpu.partition_not_removed, hyperv.*, job.*.
[[nodiscard]] Result<> remove_gpu_partition(host::CimSession& session, const std::string& partition_id,
                                            const CallContext& context);

/// Amounts a partition was given by hand (MinPartitionVRAM, …), those that are not NULL. Empty for partitions of this
/// program.
using PartitionAmounts = std::vector<std::pair<std::string, std::uint64_t>>;
[[nodiscard]] Result<PartitionAmounts>
read_partition_amounts(host::CimSession& session, const std::string& partition_id, const CallContext& context);
/// Gives a partition such amounts again (ModifyResourceSettings). Errors: hyperv.*, job.*, gpu.partition_not_found.
[[nodiscard]] Result<> write_partition_amounts(host::CimSession& session, const std::string& partition_id,
                                               const PartitionAmounts& amounts, const CallContext& context);

} // namespace exhyperv::hyperv

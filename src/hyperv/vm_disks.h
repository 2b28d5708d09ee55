#pragma once

#include "host/cim_session.h"
#include "model/vm.h"
#include "support/deadline.h"

#include <unordered_map>
#include <vector>

namespace exhyperv::hyperv {

/// Disks by the GUID their settings belong to: a VM, or one of its checkpoints.
struct DisksByOwner {
    std::unordered_map<Guid, std::vector<model::VmDisk>> of_owner; ///< ordered by controller, then location
};

/// All hard disks of all VMs and checkpoints in two queries (wmi-facts 1.10: controller <- drive <- image). DVD images
/// and floppies are left out.
[[nodiscard]] Result<DisksByOwner> read_disks(host::CimSession& session, const CallContext& context);

} // namespace exhyperv::hyperv

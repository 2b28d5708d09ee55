#pragma once

#include "host/host.h"
#include "model/vm.h"
#include "support/deadline.h"

#include <string>
#include <vector>

namespace exhyperv::assign {

// A change of a guest's disk that was cut off leaves a journal beside the image. Until it is redone or dropped the disk
// is neither as it was nor complete, so its VM must not be started.

/// Disks of the VM, as the host calls them, beside which such a journal lies.
[[nodiscard]] std::vector<std::string> disks_with_journal(host::Host& host, const model::Vm& vm);

/// For starting a VM: fails with vm.disk_journal {vm, disk}. Errors besides: vm.not_found, and what the ports return.
[[nodiscard]] Result<> require_no_disk_journal(host::Host& host, const Guid& vm, const CallContext& context);

} // namespace exhyperv::assign

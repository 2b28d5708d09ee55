#pragma once

#include "cim/instance.h"
#include "host/cim_session.h"
#include "support/deadline.h"
#include "support/guid.h"

namespace exhyperv::hyperv {

/// Adds a resource (a GPU partition, an assigned device) to a VM: AddResourceSettings of
/// Msvm_VirtualSystemManagementService, the job included. What was made has to be read back by the caller: the job path
/// does not name it (wmi-facts chapter 7). Errors: those of invoke_and_finish().
[[nodiscard]] Result<> add_resource_setting(host::CimSession& session, const Guid& vm, const cim::Instance& setting,
                                            const CallContext& context);

} // namespace exhyperv::hyperv

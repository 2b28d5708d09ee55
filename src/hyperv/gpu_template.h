#pragma once

#include "host/cim_session.h"
#include "support/deadline.h"

namespace exhyperv::hyperv {

/// The default Msvm_GpuPartitionSettingData, which an added partition must start from: a bare instance is refused with
/// 32773 (wmi-facts 1.8). By the way of the associations (pool 32770 -> capabilities -> template, 1.9); on hosts whose
/// associations do not lead there, the enumerable template whose InstanceID ends with \Default. `gpu.no_template` when
/// there is neither.
[[nodiscard]] Result<cim::Instance> gpu_partition_template(host::CimSession& session, const CallContext& context);

} // namespace exhyperv::hyperv

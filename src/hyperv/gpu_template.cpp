#include "hyperv/gpu_template.h"

#include "hyperv/default_template.h"

namespace exhyperv::hyperv {

namespace {

constexpr std::uint64_t kGpuPartitionType = 32770;

} // namespace

Result<cim::Instance> gpu_partition_template(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(auto found, default_template(session, kGpuPartitionType, "Msvm_GpuPartitionSettingData", context));
    if (!found) return fail("gpu.no_template");
    return std::move(*found);
}

} // namespace exhyperv::hyperv

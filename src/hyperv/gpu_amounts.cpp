#include "cim/xml.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/jobs.h"
#include "hyperv/provider.h"

namespace exhyperv::hyperv {

namespace {

Result<cim::Instance> read_row(host::CimSession& session, const std::string& partition_id, const CallContext& context) {
    TRY_ASSIGN(auto rows, read_class(session, "Msvm_GpuPartitionSettingData", {},
                                     cim::wql::where("InstanceID", cim::wql::Compare::equal, partition_id), context));
    if (rows.empty()) return fail("gpu.partition_not_found", {{"partition", partition_id}});
    return std::move(rows.front());
}

} // namespace

Result<PartitionAmounts> read_partition_amounts(host::CimSession& session, const std::string& partition_id,
                                                const CallContext& context) {
    TRY_ASSIGN(const auto row, read_row(session, partition_id, context));
    PartitionAmounts amounts;
    for (const char* bound : {"Min", "Max", "Optimal"})
        for (const char* what : {"VRAM", "Encode", "Decode", "Compute"}) {
            const std::string name = std::string(bound) + "Partition" + what;
            if (const auto amount = row.uint(name)) amounts.emplace_back(name, *amount);
        }
    return amounts;
}

Result<> write_partition_amounts(host::CimSession& session, const std::string& partition_id,
                                 const PartitionAmounts& amounts, const CallContext& context) {
    if (amounts.empty()) return {};
    TRY_ASSIGN(auto row, read_row(session, partition_id, context));
    for (const auto& [name, amount] : amounts)
        row.set(name, cim::Value::uint64(amount));
    TRY_ASSIGN(const auto service, service_path(session, "Msvm_VirtualSystemManagementService", context));
    TRY(invoke_and_finish(session, service, "ModifyResourceSettings",
                          {{"ResourceSettings", cim::Value::strings({cim::to_cim_xml(row)})}}, context));
    return {};
}

} // namespace exhyperv::hyperv

#include "hyperv/gpu_template.h"

#include "hyperv/provider.h"
#include "hyperv/setting_id.h"
#include "support/log.h"

namespace exhyperv::hyperv {

namespace {

using cim::wql::Compare;

constexpr std::uint64_t kGpuPartitionType = 32770;

std::vector<cim::Instance> related(host::CimSession& session, const cim::Instance& from, std::string assoc_class,
                                   std::string result_class, const CallContext& context) {
    if (!from.path()) return {};
    cim::wql::Related query;
    query.object = *from.path();
    query.assoc_class = std::move(assoc_class);
    query.result_class = std::move(result_class);
    auto rows = session.query(host::kVirtualization, query, context);
    if (rows) return std::move(*rows);
    log(LogLevel::info, "template association not usable: " + describe(rows.error()));
    return {};
}

std::optional<cim::Instance> default_of(std::vector<cim::Instance> rows) {
    for (cim::Instance& row : rows)
        if (is_default_template(row.text_or("InstanceID", ""))) return std::move(row);
    return std::nullopt;
}

} // namespace

Result<cim::Instance> gpu_partition_template(host::CimSession& session, const CallContext& context) {
    const auto pools = read_class(session, "Msvm_ResourcePool", {},
                                  cim::wql::all_of({cim::wql::where("ResourceType", Compare::equal, kGpuPartitionType),
                                                    cim::wql::where("Primordial", true)}),
                                  context);
    if (!pools && pools.error().code == "hyperv.not_installed") return fail(pools.error());
    if (pools)
        for (const cim::Instance& pool : *pools)
            for (const cim::Instance& capability :
                 related(session, pool, "Msvm_ElementCapabilities", "Msvm_AllocationCapabilities", context))
                if (auto found = default_of(related(session, capability, "Msvm_SettingsDefineCapabilities",
                                                    "Msvm_GpuPartitionSettingData", context)))
                    return std::move(*found);

    TRY_ASSIGN(auto rows, read_class(session, "Msvm_GpuPartitionSettingData", {},
                                     cim::wql::starts_with("InstanceID", "Microsoft:Definition\\"), context));
    if (auto found = default_of(std::move(rows))) return std::move(*found);
    return fail("gpu.no_template");
}

} // namespace exhyperv::hyperv

#include "hyperv/default_template.h"

#include "hyperv/provider.h"
#include "hyperv/setting_id.h"
#include "support/log.h"

namespace exhyperv::hyperv {

namespace {

using cim::wql::Compare;

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

Result<std::optional<cim::Instance>> default_template(host::CimSession& session, std::uint64_t resource_type,
                                                      const std::string& settings_class, const CallContext& context) {
    const auto pools = read_class(session, "Msvm_ResourcePool", {},
                                  cim::wql::all_of({cim::wql::where("ResourceType", Compare::equal, resource_type),
                                                    cim::wql::where("Primordial", true)}),
                                  context);
    if (!pools && pools.error().code == "hyperv.not_installed") return fail(pools.error());
    if (pools)
        for (const cim::Instance& pool : *pools)
            for (const cim::Instance& capability :
                 related(session, pool, "Msvm_ElementCapabilities", "Msvm_AllocationCapabilities", context))
                if (auto found = default_of(
                        related(session, capability, "Msvm_SettingsDefineCapabilities", settings_class, context)))
                    return found;

    TRY_ASSIGN(auto rows, read_class(session, settings_class, {},
                                     cim::wql::starts_with("InstanceID", "Microsoft:Definition\\"), context));
    return default_of(std::move(rows));
}

} // namespace exhyperv::hyperv

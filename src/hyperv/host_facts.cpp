#include "hyperv/host_facts.h"

#include "support/log.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::hyperv {

namespace {

using cim::wql::Compare;

/// Rows of a question whose failure only means "unknown".
std::optional<std::vector<cim::Instance>> ask(host::CimSession& session, std::string_view name_space,
                                              cim::wql::Select select, const CallContext& context) {
    auto rows = session.query(name_space, cim::wql::Query(std::move(select)), context);
    if (rows) return std::move(*rows);
    log(LogLevel::info, "host fact not readable: " + describe(rows.error()));
    return std::nullopt;
}

std::optional<std::uint32_t> policy_value(const host::RegistryKey& key, std::string_view name) {
    const host::RegistryValue* value = key.value(name);
    if (!value) return std::nullopt;
    return static_cast<std::uint32_t>(value->as_number(1));
}

} // namespace

Result<model::HostFacts> read_host_facts(host::Host& host, const CallContext& context) {
    model::HostFacts facts;
    facts.elevated = host.elevated();
    facts.physical_address_bits = host.physical_address_bits();
    host::CimSession& session = host.cim();

    TRY_ASSIGN(const auto systems, session.query(host::kCimv2, cim::wql::all("Win32_OperatingSystem"), context));
    if (systems.empty()) return fail("hyperv.no_operating_system", {}, "Win32_OperatingSystem has no row");
    const cim::Instance& system = systems.front();
    facts.build = static_cast<std::uint32_t>(parse_u64(system.text_or("BuildNumber", "")).value_or(0));
    facts.os_name = system.text_or("Caption", "");
    facts.computer_name = system.text_or("CSName", session.host_name());
    facts.sku = static_cast<std::uint32_t>(system.uint("OperatingSystemSKU").value_or(0));
    switch (system.uint("ProductType").value_or(1)) {
    case 2:
        facts.product_type = model::ProductType::domain_controller;
        break;
    case 3:
        facts.product_type = model::ProductType::server;
        break;
    default:
        facts.product_type = model::ProductType::workstation;
        break;
    }

    if (const auto rows =
            ask(session, host::kCimv2,
                {{"Name", "State"}, "Win32_Service", cim::wql::where("Name", Compare::equal, std::string("vmms"))},
                context))
        facts.hyperv_service_running = !rows->empty() && iequals(rows->front().text_or("State", ""), "Running");

    if (const auto rows =
            ask(session, host::kVirtualization, {{}, "Msvm_VirtualEthernetSwitchManagementCapabilities", {}}, context);
        rows && !rows->empty()) {
        facts.iov_support = rows->front().boolean("IOVSupport");
        facts.iov_reasons = rows->front().strings("IOVSupportReasons");
    }

    if (const auto rows = ask(session, host::kDeviceGuard, {{}, "Win32_DeviceGuard", {}}, context);
        rows && !rows->empty()) {
        if (const cim::Value* value = rows->front().find("AvailableSecurityProperties"); value && !value->is_null()) {
            const auto properties = value->as_uints();
            facts.dma_protection = std::find(properties.begin(), properties.end(), 3u) != properties.end();
        }
    }

    const auto keys = host.registry().read({std::string(kPolicyKey)}, context);
    if (keys && !keys->empty()) {
        facts.require_secure_device_assignment = policy_value(keys->front(), kRequireSecure);
        facts.require_supported_device_assignment = policy_value(keys->front(), kRequireSupported);
    }
    return facts;
}

} // namespace exhyperv::hyperv

#include "assign/selftest/probe.h"
#include "hyperv/host_facts.h"

#include <fmt/format.h>

namespace exhyperv::assign::selftest {

namespace {

constexpr const char* kCurrentVersion = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";

std::string known(const std::optional<bool>& value) {
    return value ? (*value ? "yes" : "no") : "unknown";
}

std::string known(const std::optional<std::uint32_t>& value) {
    return value ? std::to_string(*value) : "not set";
}

} // namespace

Result<Check> ask_host(Probe& probe) {
    TRY_ASSIGN(const auto facts, hyperv::read_host_facts(probe.host, probe.context));
    probe.result.facts = facts;
    probe.observe(fmt::format("Windows: {}, build {}, product type {}, SKU {}", facts.os_name, facts.build,
                              static_cast<int>(facts.product_type), facts.sku));
    probe.observe(fmt::format("vmms running: {}; IOVSupport: {}; DMA protection: {}",
                              known(facts.hyperv_service_running), known(facts.iov_support),
                              known(facts.dma_protection)));
    for (const auto& reason : facts.iov_reasons)
        probe.observe("IOVSupportReasons: " + reason);
    probe.observe(fmt::format("RequireSecureDeviceAssignment: {}; RequireSupportedDeviceAssignment: {}",
                              known(facts.require_secure_device_assignment),
                              known(facts.require_supported_device_assignment)));
    const MessageArgs args{{"name", facts.os_name}, {"build", std::to_string(facts.build)}};
    if (facts.build == 0) return make_check("selftest.host", Verdict::fail, "no_build", args);
    if (!facts.hyperv_service_running.value_or(false))
        return make_check("selftest.host", Verdict::warn, "no_hyperv", args);
    return make_check("selftest.host", Verdict::pass, "ok", args);
}

Result<Check> ask_rights(Probe& probe) {
    if (probe.host.elevated()) return make_check("selftest.rights", Verdict::pass, "elevated");
    return make_check("selftest.rights", Verdict::warn, "not_elevated");
}

Result<Check> ask_address_bits(Probe& probe) {
    const auto bits = probe.host.physical_address_bits();
    if (!bits) return make_check("selftest.address_bits", Verdict::unknown, "unknown");
    return make_check("selftest.address_bits", Verdict::pass, "ok", {{"bits", std::to_string(*bits)}});
}

Result<Check> ask_registry(Probe& probe) {
    const std::vector<std::string> paths = {kCurrentVersion, "SOFTWARE\\ExHyperV\\there is no such key"};
    TRY_ASSIGN(const auto keys, probe.host.registry().read(paths, probe.context));
    if (keys.size() != paths.size() || keys[1].exists)
        return make_check("selftest.registry", Verdict::fail, "wrong_shape");
    const auto* build = keys[0].value("CurrentBuildNumber");
    const std::string told = build ? build->as_text() : "";
    probe.observe(fmt::format("registry: CurrentVersion exists: {}, CurrentBuildNumber {}", keys[0].exists, told));
    const MessageArgs args{{"registry", told.empty() ? "–" : told}, {"cim", std::to_string(probe.build())}};
    if (told.empty()) return make_check("selftest.registry", Verdict::unknown, "no_build", args);
    if (told != std::to_string(probe.build())) return make_check("selftest.registry", Verdict::fail, "differs", args);
    return make_check("selftest.registry", Verdict::pass, "ok", args);
}

} // namespace exhyperv::assign::selftest

#include "transport/sim/scenario/load.h"

#include "host/registry.h"
#include "transport/sim/material/spec_json.h"
#include "transport/sim/sim_host.h"

#include <nlohmann/json.hpp>

namespace exhyperv::sim {

namespace {

std::string usual_os_name(const HostState& host) {
    if (!host.server()) return host.build >= 22000 ? "Microsoft Windows 11 Pro" : "Microsoft Windows 10 Pro";
    return "Microsoft " + guest_os_name(host.build, true);
}

void load_registry(Reader& document, Loading& loading) {
    document.list("registry", [&](Reader& entry) {
        std::string path;
        entry.required("path");
        entry.text("path", path);
        const auto* values = entry.raw("values");
        if (!values || !values->is_object()) return entry.wrong(entry.field("values"), "–", "{\"…\": 0 | \"…\"}");
        for (const auto& [name, value] : values->items()) {
            if (value.is_number_unsigned() && value.get<std::uint64_t>() <= UINT32_MAX)
                set_value(loading.world, path, host::RegistryValue::number(name, value.get<std::uint32_t>()));
            else if (value.is_string())
                set_value(loading.world, path, host::RegistryValue::text(name, value.get<std::string>()));
            else
                return entry.wrong(entry.field("values") + "/" + name, value.dump(), "0 … 4294967295 | \"…\"");
        }
    });
}

} // namespace

void material_problem(Reader& reader, const Error& error) {
    auto value = [&](const char* name) { return error.arg(name) ? *error.arg(name) : std::string(); };
    auto expected = value("expected").empty() ? value("known") : value("expected");
    reader.wrong(value("field"), value("value").empty() ? "–" : value("value"),
                 expected.empty() ? error.code : expected);
}

void load_host(Reader& document, Loading& loading) {
    auto& host = loading.world.host;
    document.object("host", [&](Reader& r) {
        r.text("name", host.name);
        r.number("build", host.build, 14393, 99999);
        r.text("os", host.os_name);
        r.choice<std::uint32_t>("product", host.product_type,
                                {{"workstation", 1}, {"domain_controller", 2}, {"server", 3}});
        host.sku = host.server() ? 8 : 48;
        r.number("sku", host.sku, 1, 1000);
        r.choice<std::string>("language", host.language, {{"en-US", "en-US"}, {"zh-CN", "zh-CN"}});
        r.text("processor", host.processor_name);
        r.number("processors", host.processors, 1, 2048);
        r.number("memory_mib", host.memory_mib, 1024, 64ull << 20);
        r.number("address_bits", host.physical_address_bits, 36, 57);
        r.flag("hyperv", host.hyperv_installed);
        r.flag("service", host.service_running);
        r.flag("elevated", host.elevated);
        r.flag("readable", host.can_read);
        r.flag("iommu", host.iov_support);
        r.texts("iommu_reasons", host.iov_reasons);
        host.dma_protection = host.iov_support;
        r.flag("dma_protection", host.dma_protection);
        r.flag("refuses_assignment", host.refuses_assignment);
        r.text("vm_root", host.vm_root);
        if (r.has("free_bytes")) r.number("free_bytes", host.free_bytes.emplace(), 0, UINT64_MAX);
    });
    if (host.os_name.empty()) host.os_name = usual_os_name(host);
    document.object("tuning", [&](Reader& r) {
        auto& tuning = loading.world.tuning;
        r.choice<std::uint8_t>("answers", tuning.answers, {{"natural", 0}, {"sync", 1}, {"job", 2}});
        r.number("job_ms", tuning.job_ms, 0, 600'000);
        r.number("lag_ms", tuning.lag_ms, 0, 600'000);
        r.number("latency_ms", tuning.latency_ms, 0, 600'000);
    });
    load_registry(document, loading);
}

void load_drivers(Reader& document, Loading& loading) {
    document.list("drivers", [&](Reader& r) {
        std::string id;
        r.required("id");
        r.text("id", id);
        r.required("package");
        const auto* package = r.raw("package");
        if (r.failed()) return;
        auto spec = package_spec_from_json(*package, r.field("package"));
        if (!spec) return material_problem(r, spec.error());
        if (!loading.drivers.emplace(id, *spec).second) r.wrong(r.field("id"), id, "≠ " + id);
    });
}

} // namespace exhyperv::sim

#include "hyperv/settings.h"

#include "cim/xml.h"
#include "hyperv/jobs.h"
#include "hyperv/provider.h"
#include "hyperv/setting_id.h"

#include <algorithm>
#include <optional>

namespace exhyperv::hyperv {

namespace {

constexpr std::string_view kManagement = "Msvm_VirtualSystemManagementService";

/// The instances that hold a VM's settings, as far as they are asked for.
struct Carriers {
    std::optional<cim::Instance> system, memory;

    [[nodiscard]] cim::Instance& of(const std::string& name) { return name == kDynamicMemory ? *memory : *system; }
};

Result<Carriers> read_carriers(host::CimSession& session, const Guid& vm, const std::vector<std::string>& names,
                               const CallContext& context) {
    Carriers carriers;
    const bool memory = std::find(names.begin(), names.end(), kDynamicMemory) != names.end();
    if (!memory || names.size() > 1) {
        TRY_ASSIGN(auto rows,
                   read_class(session, "Msvm_VirtualSystemSettingData", {},
                              cim::wql::where("InstanceID", cim::wql::Compare::equal, settings_id(vm)), context));
        if (rows.empty()) return fail("vm.not_found", {{"vm", vm.str()}, {"near", "–"}});
        carriers.system = std::move(rows.front());
    }
    if (memory) {
        TRY_ASSIGN(auto rows, read_class(session, "Msvm_MemorySettingData", {},
                                         cim::wql::starts_with("InstanceID", settings_id(vm) + "\\"), context));
        if (rows.empty()) return fail("vm.not_found", {{"vm", vm.str()}, {"near", "–"}});
        carriers.memory = std::move(rows.front());
    }
    return carriers;
}

std::vector<std::string> names_of(const SettingValues& values) {
    std::vector<std::string> names;
    for (const auto& [name, value] : values)
        names.push_back(name);
    return names;
}

Result<SettingValue> value_of(const cim::Instance& data, const std::string& name) {
    const cim::Value* value = data.find(name);
    if (!value) return fail("hyperv.setting_unknown", {{"setting", name}});
    if (value->type() == cim::CimType::boolean) return SettingValue(value->as_bool().value_or(false));
    return SettingValue(value->as_uint().value_or(0));
}

/// The value in the type the provider has for it.
std::optional<cim::Value> typed(const SettingValue& value, cim::CimType type) {
    return cim::Value::parse(type, setting_text(value));
}

} // namespace

std::string setting_text(const SettingValue& value) {
    if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    return std::to_string(std::get<std::uint64_t>(value));
}

Result<SettingValues> read_settings(host::CimSession& session, const Guid& vm, const std::vector<std::string>& names,
                                    const CallContext& context) {
    SettingValues values;
    if (names.empty()) return values;
    TRY_ASSIGN(auto carriers, read_carriers(session, vm, names, context));
    for (const std::string& name : names) {
        TRY_ASSIGN(auto value, value_of(carriers.of(name), name));
        values.emplace_back(name, value);
    }
    return values;
}

Result<bool> change_settings(host::CimSession& session, const Guid& vm, const SettingValues& wanted,
                             const CallContext& context) {
    if (wanted.empty()) return false;
    TRY_ASSIGN(auto carriers, read_carriers(session, vm, names_of(wanted), context));
    bool system_differs = false, memory_differs = false;
    for (const auto& [name, value] : wanted) {
        cim::Instance& data = carriers.of(name);
        TRY_ASSIGN(const auto present, value_of(data, name));
        if (present == value) continue;
        auto changed = typed(value, data.find(name)->type());
        if (!changed)
            return fail("hyperv.setting_unknown", {{"setting", name}}, "no value of its type: " + setting_text(value));
        data.set(name, std::move(*changed));
        (name == kDynamicMemory ? memory_differs : system_differs) = true;
    }
    if (!system_differs && !memory_differs) return false;

    TRY_ASSIGN(const auto service, service_path(session, kManagement, context));
    if (system_differs)
        TRY(invoke_and_finish(session, service, "ModifySystemSettings",
                              {{"SystemSettings", cim::Value::string(cim::to_cim_xml(*carriers.system))}}, context));
    if (memory_differs)
        TRY(invoke_and_finish(session, service, "ModifyResourceSettings",
                              {{"ResourceSettings", cim::Value::strings({cim::to_cim_xml(*carriers.memory)})}},
                              context));

    TRY_ASSIGN(const auto now, read_settings(session, vm, names_of(wanted), context));
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (const auto& [name, value] = wanted[i]; now[i].second != value)
            return fail("hyperv.setting_not_applied",
                        {{"setting", name}, {"wanted", setting_text(value)}, {"found", setting_text(now[i].second)}});
    return true;
}

} // namespace exhyperv::hyperv

#include "hyperv/settings.h"

#include "cim/xml.h"
#include "hyperv/jobs.h"
#include "hyperv/provider.h"
#include "hyperv/setting_id.h"

namespace exhyperv::hyperv {

namespace {

Result<cim::Instance> read_whole(host::CimSession& session, const Guid& vm, const CallContext& context) {
    TRY_ASSIGN(auto rows,
               read_class(session, "Msvm_VirtualSystemSettingData", {},
                          cim::wql::where("InstanceID", cim::wql::Compare::equal, settings_id(vm)), context));
    if (rows.empty()) return fail("vm.not_found", {{"vm", vm.str()}, {"near", "–"}});
    return std::move(rows.front());
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
    TRY_ASSIGN(const auto data, read_whole(session, vm, context));
    SettingValues values;
    for (const std::string& name : names) {
        TRY_ASSIGN(auto value, value_of(data, name));
        values.emplace_back(name, value);
    }
    return values;
}

Result<bool> change_settings(host::CimSession& session, const Guid& vm, const SettingValues& wanted,
                             const CallContext& context) {
    TRY_ASSIGN(auto data, read_whole(session, vm, context));
    bool differs = false;
    for (const auto& [name, value] : wanted) {
        TRY_ASSIGN(const auto present, value_of(data, name));
        if (present == value) continue;
        auto changed = typed(value, data.find(name)->type());
        if (!changed)
            return fail("hyperv.setting_unknown", {{"setting", name}}, "no value of its type: " + setting_text(value));
        data.set(name, std::move(*changed));
        differs = true;
    }
    if (!differs) return false;

    TRY_ASSIGN(const auto service, service_path(session, "Msvm_VirtualSystemManagementService", context));
    TRY(invoke_and_finish(session, service, "ModifySystemSettings",
                          {{"SystemSettings", cim::Value::string(cim::to_cim_xml(data))}}, context));

    TRY_ASSIGN(const auto now, read_whole(session, vm, context));
    for (const auto& [name, value] : wanted) {
        TRY_ASSIGN(const auto found, value_of(now, name));
        if (found != value)
            return fail("hyperv.setting_not_applied",
                        {{"setting", name}, {"wanted", setting_text(value)}, {"found", setting_text(found)}});
    }
    return true;
}

} // namespace exhyperv::hyperv

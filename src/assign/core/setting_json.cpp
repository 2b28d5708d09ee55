#include "assign/core/setting_json.h"

#include "assign/core/json_fields.h"

namespace exhyperv::assign {

nlohmann::json setting_to_json(const hyperv::SettingValue& value) {
    return std::visit([](auto one) { return nlohmann::json(one); }, value);
}

Result<hyperv::SettingValue> setting_from_json(const nlohmann::json& value) {
    if (value.is_boolean()) return hyperv::SettingValue(value.get<bool>());
    if (value.is_number_unsigned()) return hyperv::SettingValue(value.get<std::uint64_t>());
    return corrupt("setting");
}

nlohmann::json settings_to_json(const hyperv::SettingValues& values) {
    auto object = nlohmann::json::object();
    for (const auto& [name, value] : values)
        object[name] = setting_to_json(value);
    return object;
}

Result<hyperv::SettingValues> settings_from_json(const nlohmann::json& object) {
    if (!object.is_object()) return corrupt("settings");
    hyperv::SettingValues values;
    for (const auto& [name, element] : object.items()) {
        TRY_ASSIGN(auto value, setting_from_json(element));
        values.emplace_back(name, value);
    }
    return values;
}

} // namespace exhyperv::assign

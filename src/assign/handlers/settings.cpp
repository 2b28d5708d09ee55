#include "hyperv/settings.h"

#include "assign/core/json_fields.h"
#include "assign/core/setting_json.h"
#include "assign/handlers/handlers.h"
#include "assign/state/original_settings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

std::vector<std::string> names_of(const hyperv::SettingValues& values) {
    std::vector<std::string> names;
    for (const auto& [name, value] : values)
        names.push_back(name);
    return names;
}

const hyperv::SettingValue* find(const hyperv::SettingValues& values, const std::string& name) {
    const auto at = std::find_if(values.begin(), values.end(), [&](const auto& one) { return one.first == name; });
    return at == values.end() ? nullptr : &at->second;
}

/// Changes VM settings, and keeps in the state directory what they were before the first card came ("remember"), or
/// forgets that when they go back ("forget").
class SettingsHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto wanted, settings_from_json(field_or_null(context.parameters, "set")));
        TRY_ASSIGN(const auto now,
                   hyperv::read_settings(context.environment.host.cim(), vm, names_of(wanted), context.call));
        TRY_ASSIGN(const auto remembered, original_settings(context.environment.state_directory, vm));
        auto list = nlohmann::json::array();
        for (const ChangedSetting& one : remembered)
            list.push_back(
                {{"name", one.name}, {"original", setting_to_json(one.original)}, {"set", setting_to_json(one.set)}});
        return nlohmann::json{{"settings", settings_to_json(now)}, {"remembered", list}};
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json& before) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto wanted, settings_from_json(field_or_null(context.parameters, "set")));
        TRY_ASSIGN(const auto old, settings_from_json(field_or_null(before, "settings")));
        const std::string& state = context.environment.state_directory;

        // Remembered before they change: a kill in between leaves a record too many, never one too few.
        if (text_or(context.parameters, "originals") == "remember") TRY(remember(state, vm, wanted, old, before));
        StepRun run;
        TRY_ASSIGN(run.changed, hyperv::change_settings(context.environment.host.cim(), vm, wanted, context.call));
        if (text_or(context.parameters, "originals") == "forget") {
            TRY(remember_settings(state, vm, {}));
            run.changed = true;
        }
        for (const auto& [name, value] : wanted)
            run.facts.push_back({"step.settings.fact", {{"setting", name}, {"value", hyperv::setting_text(value)}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto wanted, settings_from_json(field_or_null(context.parameters, "set")));
        TRY_ASSIGN(const auto old, settings_from_json(field_or_null(before, "settings")));
        auto& session = context.environment.host.cim();
        TRY_ASSIGN(const auto now, hyperv::read_settings(session, vm, names_of(wanted), context.call));
        std::vector<Message> warnings;
        hyperv::SettingValues back;
        for (const auto& [name, value] : old) {
            const auto* present = find(now, name);
            const auto* written = find(wanted, name);
            if (!present || !written) return corrupt("before");
            if (*present == *written)
                back.emplace_back(name, value);
            else if (*present != value) // somebody else has changed it since: theirs
                warnings.push_back({"step.settings.changed_since", {{"setting", name}}});
        }
        TRY(hyperv::change_settings(session, vm, back, context.call));
        TRY_ASSIGN(const auto remembered, remembered_before(before));
        TRY(remember_settings(context.environment.state_directory, vm, remembered));
        return warnings;
    }

  private:
    /// Begins with what was remembered before the step, not with what a run that was cut off may have made of it: taken
    /// up again, that run's own values would pass for somebody else's.
    static Result<> remember(const std::string& state, const Guid& vm, const hyperv::SettingValues& wanted,
                             const hyperv::SettingValues& old, const nlohmann::json& before) {
        TRY_ASSIGN(auto remembered, remembered_before(before));
        for (const auto& [name, value] : wanted) {
            const auto* original = find(old, name);
            if (!original || *original == value) continue;
            const auto at = std::find_if(remembered.begin(), remembered.end(),
                                         [&](const ChangedSetting& one) { return one.name == name; });
            if (at == remembered.end())
                remembered.push_back({name, *original, value});
            else {
                if (at->set != *original)
                    at->original = *original; // the user has changed it since: that is what comes back
                at->set = value;
            }
        }
        return remember_settings(state, vm, remembered);
    }

    static Result<std::vector<ChangedSetting>> remembered_before(const nlohmann::json& before) {
        std::vector<ChangedSetting> settings;
        const auto& list = field_or_null(before, "remembered");
        if (!list.is_array()) return corrupt("remembered");
        for (const auto& element : list) {
            ChangedSetting one;
            TRY_ASSIGN(one.name, text_field(element, "name"));
            TRY_ASSIGN(one.original, setting_from_json(field_or_null(element, "original")));
            TRY_ASSIGN(one.set, setting_from_json(field_or_null(element, "set")));
            settings.push_back(std::move(one));
        }
        return settings;
    }
};

} // namespace

const StepHandler& settings_handler() {
    static const SettingsHandler handler;
    return handler;
}

} // namespace exhyperv::assign

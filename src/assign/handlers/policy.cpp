#include "assign/core/json_fields.h"
#include "assign/handlers/handlers.h"
#include "assign/state/original_policy.h"
#include "hyperv/host_facts.h"

namespace exhyperv::assign {

namespace {

nlohmann::json to_json(const PolicyValues& values) {
    auto object = nlohmann::json::object();
    for (const auto& [name, value] : values)
        object[name] = value ? nlohmann::json(*value) : nlohmann::json();
    return object;
}

/// Strict; `value` null: the registry value is not to exist.
bool fits(const nlohmann::json& value) {
    return value.is_null() || value.is_number_unsigned();
}

/// Values under HKLM\SOFTWARE\Policies\Microsoft\Windows\HyperV (gpu-and-dda 2.6): server hosts give out partitions of
/// ordinary cards only when both are 0. What they were before this program first changed them is kept in the state
/// directory ("remember") until they go back ("forget").
class PolicyHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(const auto now, read(context));
        auto before = nlohmann::json::object();
        for (const auto& [name, value] : field_or_null(context.parameters, "values").items()) {
            const auto* found = now.value(name);
            before[name] = found ? nlohmann::json(static_cast<std::uint32_t>(found->as_number(1))) : nlohmann::json();
        }
        TRY_ASSIGN(const auto remembered, original_policy(context.environment.state_directory));
        before["remembered"] = to_json(remembered);
        return before;
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json& before) const override {
        const auto& values = field_or_null(context.parameters, "values");
        if (!values.is_object()) return corrupt("values");
        for (const auto& [name, value] : values.items())
            if (!fits(value)) return corrupt("values");
        const std::string& state = context.environment.state_directory;
        const std::string originals = text_or(context.parameters, "originals");
        // Remembered before they change: a kill in between leaves a record too many, never one too few.
        if (originals == "remember") TRY(remember(state, values, before));
        StepRun run;
        TRY_ASSIGN(const auto now, read(context));
        for (const auto& [name, value] : values.items()) {
            if (holds(now, name, value)) continue;
            TRY(put(context, name, value));
            run.changed = true;
        }
        TRY_ASSIGN(const auto after, read(context));
        for (const auto& [name, value] : values.items())
            if (!holds(after, name, value)) return fail("step.policy_not_applied", {{"value", name}});
        if (originals == "forget") {
            TRY(remember_policy(state, {}));
            run.changed = true;
            for (const auto& [name, value] : values.items())
                run.facts.push_back(value.is_null()
                                        ? Message{"step.policy_back.fact_absent", {{"value", name}}}
                                        : Message{"step.policy_back.fact", {{"value", name}, {"data", value.dump()}}});
        } else {
            run.facts.push_back({"step.policy.fact", {}});
        }
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        std::vector<Message> warnings;
        TRY_ASSIGN(const auto now, read(context));
        for (const auto& [name, written] : field_or_null(context.parameters, "values").items()) {
            const auto& old = field_or_null(before, name.c_str());
            if (!holds(now, name, written)) { // never written, or somebody else has changed it since: not ours to touch
                if (!holds(now, name, old)) warnings.push_back({"step.policy.changed_since", {{"value", name}}});
                continue;
            }
            if (!fits(old)) return corrupt("before");
            TRY(put(context, name, old));
        }
        const auto& remembered = field_or_null(before, "remembered");
        if (remembered.is_object()) { // journals of older versions did not keep any
            TRY_ASSIGN(const auto originals, from_json(remembered));
            TRY(remember_policy(context.environment.state_directory, originals));
        }
        return warnings;
    }

  private:
    static Result<PolicyValues> from_json(const nlohmann::json& object) {
        PolicyValues values;
        for (const auto& [name, value] : object.items()) {
            if (!fits(value)) return corrupt("remembered");
            values.emplace(name, value.is_null() ? std::nullopt : std::optional(value.get<std::uint32_t>()));
        }
        return values;
    }

    static Result<> remember(const std::string& state, const nlohmann::json& values, const nlohmann::json& before) {
        const auto& known = field_or_null(before, "remembered");
        TRY_ASSIGN(auto originals, from_json(known.is_object() ? known : nlohmann::json::object()));
        for (const auto& [name, value] : values.items()) {
            const auto& old = field_or_null(before, name.c_str());
            if (old == value || !fits(old)) continue;
            originals.try_emplace(name, old.is_null() ? std::nullopt : std::optional(old.get<std::uint32_t>()));
        }
        return remember_policy(state, originals);
    }

    static Result<> put(const StepContext& context, const std::string& name, const nlohmann::json& value) {
        auto& registry = context.environment.host.registry();
        const std::string key(hyperv::kPolicyKey);
        if (value.is_null()) return registry.erase(key, name, context.call);
        return registry.write(key, host::RegistryValue::number(name, value.get<std::uint32_t>()), context.call);
    }

    static Result<host::RegistryKey> read(const StepContext& context) {
        TRY_ASSIGN(auto keys,
                   context.environment.host.registry().read({std::string(hyperv::kPolicyKey)}, context.call));
        return keys.empty() ? host::RegistryKey{} : std::move(keys.front());
    }

    static bool holds(const host::RegistryKey& key, const std::string& name, const nlohmann::json& value) {
        const auto* found = key.value(name);
        if (value.is_null()) return !found;
        return found && value.is_number_unsigned() && found->as_number(~std::uint64_t{0}) == value.get<std::uint64_t>();
    }
};

} // namespace

const StepHandler& policy_handler() {
    static const PolicyHandler handler;
    return handler;
}

} // namespace exhyperv::assign

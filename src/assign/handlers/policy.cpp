#include "assign/core/json_fields.h"
#include "assign/handlers/handlers.h"
#include "hyperv/host_facts.h"

namespace exhyperv::assign {

namespace {

/// Values under HKLM\SOFTWARE\Policies\Microsoft\Windows\HyperV (gpu-and-dda 2.6): server hosts give out partitions of
/// ordinary cards only when both are 0.
class PolicyHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(const auto now, read(context));
        auto before = nlohmann::json::object();
        for (const auto& [name, value] : field_or_null(context.parameters, "values").items()) {
            const auto* found = now.value(name);
            before[name] = found ? nlohmann::json(static_cast<std::uint32_t>(found->as_number(1))) : nlohmann::json();
        }
        return before;
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        const auto& values = field_or_null(context.parameters, "values");
        if (!values.is_object()) return corrupt("values");
        StepRun run;
        TRY_ASSIGN(const auto now, read(context));
        for (const auto& [name, value] : values.items()) {
            if (!value.is_number_unsigned()) return corrupt("values");
            if (holds(now, name, value)) continue;
            TRY(context.environment.host.registry().write(std::string(hyperv::kPolicyKey),
                                                          host::RegistryValue::number(name, value.get<std::uint32_t>()),
                                                          context.call));
            run.changed = true;
        }
        TRY_ASSIGN(const auto after, read(context));
        for (const auto& [name, value] : values.items())
            if (!holds(after, name, value)) return fail("step.policy_not_applied", {{"value", name}});
        run.facts.push_back({"step.policy.fact", {}});
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
            auto& registry = context.environment.host.registry();
            const std::string key(hyperv::kPolicyKey);
            if (old.is_null())
                TRY(registry.erase(key, name, context.call));
            else if (old.is_number_unsigned())
                TRY(registry.write(key, host::RegistryValue::number(name, old.get<std::uint32_t>()), context.call));
            else
                return corrupt("before");
        }
        return warnings;
    }

  private:
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

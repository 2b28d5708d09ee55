#include "hyperv/power.h"

#include "assign/core/json_fields.h"
#include "assign/handlers/handlers.h"

namespace exhyperv::assign {

namespace {

/// Turns a VM off in the way the user chose. Not undone: a VM is never started unasked either.
class PowerHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto state, hyperv::read_vm_state(context.environment.host.cim(), vm, context.call));
        return nlohmann::json{{"state", vm_state_name(state)}};
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        auto& session = context.environment.host.cim();
        TRY_ASSIGN(const auto state, hyperv::read_vm_state(session, vm, context.call));
        StepRun run;
        if (state == model::VmState::off) return run;
        TRY_ASSIGN(const auto how, text_field(context.parameters, "how"));
        if (how == "shut_down")
            TRY(named(context, hyperv::shut_down(session, vm, context.call)));
        else if (how == "turn_off")
            TRY(named(context, hyperv::turn_off(session, vm, context.call)));
        else
            return corrupt("how");
        run.changed = true;
        run.facts.push_back({"step.power.fact", {{"vm", text_or(context.parameters, "vm_name")}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json&,
                                      const nlohmann::json&) const override {
        return std::vector<Message>{{"step.power.stays_off", {{"vm", text_or(context.parameters, "vm_name")}}}};
    }

  private:
    /// Errors of the repository speak of GUIDs; people know the name.
    static Result<> named(const StepContext& context, Result<> result) {
        if (!result)
            for (auto& [name, value] : result.error().args)
                if (name == "vm") value = text_or(context.parameters, "vm_name", value);
        return result;
    }
};

} // namespace

const StepHandler& power_handler() {
    static const PowerHandler handler;
    return handler;
}

} // namespace exhyperv::assign

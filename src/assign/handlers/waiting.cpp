#include "assign/core/json_fields.h"
#include "assign/core/scope_json.h"
#include "assign/core/utc_time.h"
#include "assign/handlers/handlers.h"
#include "assign/state/waiting_guest.h"
#include "platform/process.h"

namespace exhyperv::assign {

namespace {

nlohmann::json to_json(const WaitingGuest& guest) {
    return {
        {"vm_name", guest.vm_name}, {"since", guest.since}, {"who", guest.who}, {"scope", scope_to_json(guest.scope)}};
}

Result<std::optional<WaitingGuest>> remembered(const StepContext& context) {
    TRY_ASSIGN(const auto vm, vm_of(context));
    return waiting_guest(context.environment.state_directory, vm);
}

/// What prepare() saw comes back; failed tries are not remembered, the next one is the first again.
Result<> put_back(const StepContext& context, const nlohmann::json& before) {
    TRY_ASSIGN(const auto vm, vm_of(context));
    const auto& known = field_or_null(before, "waiting");
    if (known.is_null()) return forget_waiting(context.environment.state_directory, vm);
    WaitingGuest guest;
    guest.vm = vm;
    guest.vm_name = text_or(known, "vm_name");
    guest.since = text_or(known, "since");
    guest.who = text_or(known, "who");
    TRY_ASSIGN(guest.scope, scope_from_json(field_or_null(known, "scope")));
    return remember_waiting(context.environment.state_directory, guest);
}

class WaitingHandler : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(const auto known, remembered(context));
        return nlohmann::json{{"waiting", known ? to_json(*known) : nlohmann::json()}};
    }
    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY(put_back(context, before));
        return std::vector<Message>{};
    }
};

class WaitHandler final : public WaitingHandler {
  public:
    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        WaitingGuest guest;
        TRY_ASSIGN(guest.vm, vm_of(context));
        guest.vm_name = text_or(context.parameters, "vm_name");
        guest.since = utc_now();
        guest.who = platform::user_and_machine();
        TRY_ASSIGN(guest.scope, scope_from_json(field_or_null(context.parameters, "scope")));
        TRY(remember_waiting(context.environment.state_directory, guest));
        TRY_ASSIGN(const auto read_back, waiting_guest(context.environment.state_directory, guest.vm));
        if (!read_back) return fail("step.wait_not_kept", {{"vm", guest.vm_name}});
        return StepRun{true, {}, {{"step.wait.fact", {{"vm", guest.vm_name}}}}, {}};
    }
};

class ForgetHandler final : public WaitingHandler {
  public:
    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto known, remembered(context));
        TRY(forget_waiting(context.environment.state_directory, vm));
        return StepRun{known.has_value(), {}, {}, {}};
    }
};

} // namespace

const StepHandler& wait_handler() {
    static const WaitHandler handler;
    return handler;
}

const StepHandler& forget_wait_handler() {
    static const ForgetHandler handler;
    return handler;
}

} // namespace exhyperv::assign

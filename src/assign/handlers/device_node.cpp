#include "assign/core/json_fields.h"
#include "assign/handlers/device_handlers.h"

namespace exhyperv::assign {

namespace {

MessageArgs named(const StepDevice& device) {
    return {{"device", device.name}};
}

/// Disables or enables the node of a function that is with the host.
class NodeHandler final : public StepHandler {
  public:
    explicit NodeHandler(bool enable) : enable_(enable) {}

    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(const auto device, device_of(context));
        return nlohmann::json{{"present", device.state.node_present}, {"enabled", device.state.enabled()}};
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        TRY_ASSIGN(const auto device, device_of(context));
        StepRun run;
        if (!device.state.node_present) return fail(misplaced(device));
        run.changed = device.state.enabled() != enable_;
        TRY(hyperv::set_device_enabled(context.environment.host, device.id, enable_, context.call));
        TRY_ASSIGN(const auto after, device_of(context));
        run.facts.push_back({enable_ ? "step.device_enable.fact" : "step.device_disable.fact", named(device)});
        if (enable_ && after.state.problem != 0)
            run.warnings.push_back({"step.device_enable.problem",
                                    {{"device", device.name}, {"code", std::to_string(after.state.problem)}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const bool was_present, bool_field(before, "present"));
        TRY_ASSIGN(const bool was_enabled, bool_field(before, "enabled"));
        TRY_ASSIGN(const auto device, device_of(context));
        std::vector<Message> warnings;
        if (!was_present || (device.state.node_present && device.state.enabled() == was_enabled)) return warnings;
        if (device.state.gone()) { // somebody took the card out meanwhile: there is nothing to enable
            warnings.push_back({"step.device.gone_since", named(device)});
            return warnings;
        }
        // A device that is back in its VM, because this undo failed once and those before it did not, is not enabled.
        if (enable_ && !device.state.node_present) return warnings;
        if (!device.state.node_present) return fail(misplaced(device));
        if (enable_) TRY(quiet_disks(context, device.id));
        TRY(hyperv::set_device_enabled(context.environment.host, device.id, was_enabled, context.call));
        return warnings;
    }

  private:
    bool enable_;
};

} // namespace

const StepHandler& device_disable_handler() {
    static const NodeHandler handler(false);
    return handler;
}

const StepHandler& device_enable_handler() {
    static const NodeHandler handler(true);
    return handler;
}

} // namespace exhyperv::assign

#include "assign/core/json_fields.h"
#include "assign/handlers/device_handlers.h"
#include "assign/handlers/handlers.h"

namespace exhyperv::assign {

namespace {

MessageArgs named(const StepContext& context, const StepDevice& device) {
    return {{"device", device.name}, {"vm", text_or(context.parameters, "vm_name")}};
}

Result<> take_away(const StepContext& context, const StepDevice& device, const Guid& vm) {
    for (const auto& reference : device.state.references)
        if (reference.vm_id == vm)
            TRY(hyperv::unassign_device(context.environment.host.cim(), reference.setting_id, context.call));
    return {};
}

/// What is there before the step: whether the VM names the device, and the port's options for putting it back.
Result<nlohmann::json> port_before(const StepContext& context) {
    TRY_ASSIGN(const auto vm, vm_of(context));
    TRY_ASSIGN(const auto device, device_of(context));
    const auto* reference = device.state.reference_of(vm);
    std::string port;
    if (reference) {
        TRY_ASSIGN(port, hyperv::read_device_port(context.environment.host.cim(), reference->setting_id, context.call));
    }
    return nlohmann::json{
        {"assigned", reference != nullptr}, {"dismounted", device.state.dismounted()}, {"port", port}};
}

class AddHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override { return port_before(context); }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto device, device_of(context));
        StepRun run;
        run.changed = device.state.reference_of(vm) == nullptr;
        if (run.changed && (!device.state.dismounted() || !device.state.references.empty()))
            return fail(misplaced(device));
        TRY_ASSIGN(const auto port, hyperv::assign_device(context.environment.host, vm, device.id, {}, context.call));
        run.record = {{"setting", port.setting_id}};
        run.facts.push_back({"step.device_add.fact", named(context, device)});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const bool assigned, bool_field(before, "assigned"));
        if (assigned) return std::vector<Message>{};
        TRY_ASSIGN(const auto device, device_of(context));
        TRY(take_away(context, device, vm));
        return std::vector<Message>{};
    }
};

class RemoveHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override { return port_before(context); }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const auto device, device_of(context));
        StepRun run;
        run.changed = device.state.reference_of(vm) != nullptr;
        TRY(take_away(context, device, vm));
        run.facts.push_back({"step.device_remove.fact", named(context, device)});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const auto vm, vm_of(context));
        TRY_ASSIGN(const bool assigned, bool_field(before, "assigned"));
        TRY_ASSIGN(const auto device, device_of(context));
        if (!assigned || device.state.reference_of(vm)) return std::vector<Message>{};
        if (!device.state.dismounted()) {
            // Nothing stood behind the setting, or nothing does any more: it can be neither used nor made anew.
            if (device.state.gone() || !bool_or(before, "dismounted", true))
                return std::vector<Message>{{"step.device_remove.stays_removed", named(context, device)}};
            return fail(misplaced(device));
        }
        TRY(hyperv::assign_device(context.environment.host, vm, device.id, text_or(before, "port"), context.call));
        return std::vector<Message>{};
    }
};

} // namespace

const StepHandler& device_add_handler() {
    static const AddHandler handler;
    return handler;
}

const StepHandler& device_remove_handler() {
    static const RemoveHandler handler;
    return handler;
}

} // namespace exhyperv::assign

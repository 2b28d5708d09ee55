#include "assign/core/json_fields.h"
#include "assign/handlers/device_handlers.h"
#include "assign/state/device_record.h"

namespace exhyperv::assign {

namespace {

/// Where the function was before: as far as dismount and mount go.
Result<nlohmann::json> place_before(const StepContext& context) {
    TRY_ASSIGN(const auto device, device_of(context));
    return nlohmann::json{{"on_host", device.state.node_present}, {"dismounted", device.state.dismounted()}};
}

/// With the host, and disabled if its owner had disabled it. One that the step before had disabled is that step's
/// business: its undo may have been first, when this one failed once.
Result<> bring_to_host(const StepContext& context, const StepDevice& device) {
    host::Host& host = context.environment.host;
    if (!device.state.references.empty() && !device.state.node_present) return fail(misplaced(device));
    TRY(hyperv::mount_device(host, device.id, context.call));
    if (!bool_or(context.parameters, "stays_disabled", false)) return {};
    return hyperv::set_device_enabled(host, device.id, false, context.call);
}

Result<> take_from_host(const StepContext& context, const StepDevice& device, hyperv::DismountGuards guards) {
    host::Host& host = context.environment.host;
    if (device.state.node_present) {
        TRY(quiet_disks(context, device.id));
        TRY(hyperv::set_device_enabled(host, device.id, false, context.call));
    }
    return hyperv::dismount_device(host, device.id, guards, context.call);
}

/// The BARs can only be read while the host has the device; a later plan needs them.
Result<> remember(const StepContext& context, const StepDevice& device, const nlohmann::json& bars) {
    const std::string& state = context.environment.state_directory;
    TRY_ASSIGN(auto record, read_device_record(state, device.id));
    record.name = device.name;
    if (bars.is_array() && !bars.empty()) {
        record.bars.clear();
        for (const auto& bar : bars) {
            TRY_ASSIGN(const auto size, number_field(bar, "size"));
            record.bars.push_back({size, false, bool_or(bar, "high", false)});
        }
    }
    return write_device_record(state, record);
}

class DismountHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override { return place_before(context); }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        TRY_ASSIGN(const auto device, device_of(context));
        if (device.state.gone()) return fail(misplaced(device));
        StepRun run;
        run.changed = device.state.node_present;
        TRY(remember(context, device, field_or_null(context.parameters, "bars")));
        TRY(hyperv::dismount_device(context.environment.host, device.id,
                                    {bool_or(context.parameters, "require_acs", false),
                                     bool_or(context.parameters, "require_mitigations", false)},
                                    context.call));
        run.facts.push_back({"step.device_dismount.fact", {{"device", device.name}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const bool on_host, bool_field(before, "on_host"));
        if (!on_host) return std::vector<Message>{};
        TRY_ASSIGN(const auto device, device_of(context));
        if (device.state.gone()) return std::vector<Message>{{"step.device.gone_since", {{"device", device.name}}}};
        TRY(bring_to_host(context, device));
        TRY(settle_device(context.environment.state_directory, device.id));
        return std::vector<Message>{};
    }
};

class MountHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(auto before, place_before(context));
        TRY_ASSIGN(const auto id, text_field(context.parameters, "device"));
        TRY_ASSIGN(const auto record, read_device_record(context.environment.state_directory, id));
        before["bars"] = nlohmann::json::array();
        for (const model::PciBar& bar : record.bars)
            before["bars"].push_back({{"size", bar.size}, {"high", bar.above_4g}});
        return before;
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        TRY_ASSIGN(const auto device, device_of(context));
        if (device.state.gone()) return fail(misplaced(device));
        if (!device.state.node_present && !device.state.references.empty()) return fail(misplaced(device));
        StepRun run;
        run.changed = !device.state.node_present;
        TRY(hyperv::mount_device(context.environment.host, device.id, context.call));
        run.facts.push_back({"step.device_mount.fact", {{"device", device.name}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const bool dismounted, bool_field(before, "dismounted"));
        if (!dismounted) return std::vector<Message>{};
        TRY_ASSIGN(const auto device, device_of(context));
        if (device.state.gone()) return std::vector<Message>{{"step.device.gone_since", {{"device", device.name}}}};
        TRY(remember(context, device, field_or_null(before, "bars")));
        if (device.state.node_present) TRY(take_from_host(context, device, {}));
        return std::vector<Message>{};
    }
};

} // namespace

const StepHandler& device_dismount_handler() {
    static const DismountHandler handler;
    return handler;
}

const StepHandler& device_mount_handler() {
    static const MountHandler handler;
    return handler;
}

} // namespace exhyperv::assign

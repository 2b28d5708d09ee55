#include "assign/core/json_fields.h"
#include "assign/core/setting_json.h"
#include "assign/handlers/device_handlers.h"
#include "assign/state/device_record.h"
#include "hyperv/settings.h"

namespace exhyperv::assign {

namespace {

struct Wanted {
    std::string id, name, place, vm_name;
    std::optional<Guid> vm;
};

Result<Wanted> wanted_of(const nlohmann::json& document) {
    Wanted wanted;
    TRY_ASSIGN(wanted.id, text_field(document, "device"));
    TRY_ASSIGN(wanted.place, text_field(document, "place"));
    wanted.name = text_or(document, "name", wanted.id);
    wanted.vm_name = text_or(document, "vm_name");
    wanted.vm = Guid::parse(text_or(document, "vm"));
    if (wanted.place != "host" && wanted.place != "none" && !(wanted.place == "vm" && wanted.vm))
        return corrupt("place");
    return wanted;
}

/// "host": the host has it, it is enabled, and no VM names it. "vm": just that VM names it and it is dismounted.
/// "none": no VM names it any more.
bool arrived(const hyperv::DeviceState& state, const Wanted& wanted) {
    if (wanted.place == "host") return state.enabled() && state.references.empty();
    if (wanted.place == "none") return state.references.empty();
    return state.dismounted() && state.references.size() == 1 && state.references.front().vm_id == *wanted.vm;
}

Result<> check_settings(const StepContext& context, const nlohmann::json& of_vm) {
    TRY_ASSIGN(const auto text, text_field(of_vm, "vm"));
    const auto vm = Guid::parse(text);
    if (!vm) return corrupt("vm");
    TRY_ASSIGN(const auto values, settings_from_json(field_or_null(of_vm, "values")));
    std::vector<std::string> names;
    for (const auto& [name, value] : values)
        names.push_back(name);
    TRY_ASSIGN(const auto found, hyperv::read_settings(context.environment.host.cim(), *vm, names, context.call));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (found[i] != values[i])
            return fail("hyperv.setting_not_applied", {{"setting", values[i].first},
                                                       {"wanted", hyperv::setting_text(values[i].second)},
                                                       {"found", hyperv::setting_text(found[i].second)}});
    return {};
}

/// Reads the end state once more, after all steps: every device is where it was to go, every setting holds.
class DeviceVerifyHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext&) const override { return nlohmann::json::object(); }

    Result<StepRun> run(const StepContext& context, const nlohmann::json&) const override {
        StepRun run;
        const auto& devices = field_or_null(context.parameters, "devices");
        const auto& settings = field_or_null(context.parameters, "settings");
        if (!devices.is_array() || !settings.is_array()) return corrupt("devices");
        for (const auto& element : devices) {
            TRY_ASSIGN(const auto wanted, wanted_of(element));
            TRY_ASSIGN(const auto state, hyperv::read_device_state(context.environment.host, wanted.id, context.call));
            if (!arrived(state, wanted)) return fail("device.not_arrived", {{"device", wanted.name}});
            if (wanted.place != "vm") TRY(forget_device(context.environment.state_directory, wanted.id));
            run.facts.push_back({wanted.place == "host" ? "step.device_verify.host"
                                 : wanted.place == "vm" ? "step.device_verify.vm"
                                                        : "step.device_verify.none",
                                 {{"device", wanted.name}, {"vm", wanted.vm_name}}});
        }
        for (const auto& of_vm : settings)
            TRY(check_settings(context, of_vm));
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext&, const nlohmann::json&, const nlohmann::json&) const override {
        return std::vector<Message>{};
    }
};

} // namespace

const StepHandler& device_verify_handler() {
    static const DeviceVerifyHandler handler;
    return handler;
}

} // namespace exhyperv::assign

#include "assign/device/transition_steps.h"

#include "assign/core/json_fields.h"
#include "assign/core/setting_json.h"
#include "assign/gpu_steps.h"
#include "assign/wanted_settings.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>

namespace exhyperv::assign {

namespace {

std::string numbered(const std::string& id, std::size_t number) {
    return number <= 1 ? id : id + "." + std::to_string(number);
}

nlohmann::json of_device(const Mover& mover) {
    return {{"device", mover.id()}, {"device_name", mover.name()}};
}

nlohmann::json of_both(const Mover& mover, const model::Vm& vm) {
    auto parameters = of_device(mover);
    parameters["vm"] = vm.id.str();
    parameters["vm_name"] = vm.name;
    return parameters;
}

MessageArgs named(const Mover& mover) {
    return {{"device", mover.name()}};
}

std::shared_ptr<const nlohmann::json> shared(nlohmann::json document) {
    return std::make_shared<const nlohmann::json>(std::move(document));
}

} // namespace

void TransitionSteps::push(std::string id, std::string kind, const std::string& text, const MessageArgs& args,
                           bool vm_off, nlohmann::json parameters) {
    Step step;
    step.id = std::move(id);
    step.kind = std::move(kind);
    step.what = {"step." + text + ".what", args};
    step.why = {"step." + text + ".why", args};
    if (text != "device_verify") step.undo = {"step." + text + ".undo", args};
    step.needs_vm_off = vm_off;
    step.needs_elevation = true;
    step.parameters = shared(std::move(parameters));
    steps_.push_back(std::move(step));
}

void TransitionSteps::settings(const model::Vm& vm, const hyperv::SettingValues& wanted) {
    Step step = settings_step(vm, wanted);
    step.id = numbered(step.id, ++settings_steps_);
    step.why = {"step.device_settings.why", {{"vm", vm.name}}};
    steps_.push_back(std::move(step));
    settings_.push_back(shared({{"vm", vm.id.str()}, {"vm_name", vm.name}, {"values", settings_to_json(wanted)}}));
}

void TransitionSteps::settings_back(const model::Vm& vm, const hyperv::SettingValues& originals) {
    Step step = settings_back_step(vm, originals);
    step.id = numbered(step.id, ++settings_steps_);
    step.why = {"step.device_settings_back.why", {{"vm", vm.name}}};
    steps_.push_back(std::move(step));
    settings_.push_back(shared({{"vm", vm.id.str()}, {"vm_name", vm.name}, {"values", settings_to_json(originals)}}));
}

void TransitionSteps::disks_offline(const Mover& mover, std::size_t number) {
    std::vector<std::string> names;
    auto disks = nlohmann::json::array();
    for (const DeviceChild& child : mover.entry->children)
        if (child.disk_number) {
            names.push_back(child.name);
            disks.push_back({{"number", *child.disk_number}, {"name", child.name}});
        }
    auto parameters = of_device(mover);
    parameters["disks"] = std::move(disks);
    push(numbered("device.disks_offline", number), "device.disks_offline", "device_disks_offline",
         {{"device", mover.name()}, {"disks", join(names, ", ")}}, false, std::move(parameters));
}

void TransitionSteps::disable(const Mover& mover, std::size_t number) {
    push(numbered("device.disable", number), "device.disable", "device_disable", named(mover), false, of_device(mover));
}

void TransitionSteps::dismount(const Mover& mover, const DeviceAssignRequest& guards, std::size_t number) {
    auto parameters = of_device(mover);
    parameters["require_acs"] = guards.require_acs;
    parameters["stays_disabled"] = mover.place == model::PlaceKind::host_disabled;
    parameters["require_mitigations"] = guards.require_mitigations;
    auto bars = nlohmann::json::array();
    for (const model::PciBar& bar : mover.entry->device.bars)
        bars.push_back({{"size", bar.size}, {"high", bar.above_4g}});
    parameters["bars"] = std::move(bars);
    push(numbered("device.dismount", number), "device.dismount", "device_dismount", named(mover), false,
         std::move(parameters));
}

void TransitionSteps::add(const Mover& mover, const model::Vm& vm, std::size_t number) {
    push(numbered("device.add", number), "device.add", "device_add", {{"device", mover.name()}, {"vm", vm.name}}, true,
         of_both(mover, vm));
}

void TransitionSteps::remove(const Mover& mover, const model::Vm& vm, bool stale, std::size_t number) {
    push(numbered("device.remove", number), "device.remove", stale ? "device_unlink" : "device_remove",
         {{"device", mover.name()}, {"vm", vm.name}}, true, of_both(mover, vm));
}

void TransitionSteps::mount(const Mover& mover, std::size_t number) {
    push(numbered("device.mount", number), "device.mount", "device_mount", named(mover), false, of_device(mover));
}

void TransitionSteps::enable(const Mover& mover, std::size_t number) {
    push(numbered("device.enable", number), "device.enable", "device_enable", named(mover), false, of_device(mover));
}

void TransitionSteps::disks_online(const Mover& mover, std::size_t number) {
    push(numbered("device.disks_online", number), "device.disks_online", "device_disks_online",
         {{"device", mover.name()}, {"disks", join(mover.offline_disks, ", ")}}, false, of_device(mover));
}

void TransitionSteps::expect(const Mover& mover, std::string place, const model::Vm* vm) {
    expected_.push_back(shared({{"device", mover.id()},
                                {"name", mover.name()},
                                {"place", std::move(place)},
                                {"vm", vm ? vm->id.str() : ""},
                                {"vm_name", vm ? vm->name : ""}}));
}

bool TransitionSteps::needs_off(const Guid& vm) const {
    for (const Step& step : steps_)
        if (step.needs_vm_off && text_or(*step.parameters, "vm") == vm.str()) return true;
    return false;
}

std::vector<Step> TransitionSteps::finish(const std::vector<Step>& power) && {
    if (steps_.empty()) return {};
    auto devices = nlohmann::json::array(), settings = nlohmann::json::array();
    for (const auto& one : expected_)
        devices.push_back(*one);
    for (const auto& one : settings_)
        settings.push_back(*one);
    push("verify", "device.verify", "device_verify", {}, false,
         {{"devices", std::move(devices)}, {"settings", std::move(settings)}});
    steps_.insert(steps_.begin(), power.begin(), power.end());
    return std::move(steps_);
}

Step device_power_step(const model::Vm& vm, PowerPolicy how, std::size_t number) {
    Step step = power_step(vm, how == PowerPolicy::turn_off);
    step.id = numbered(step.id, number);
    return step;
}

} // namespace exhyperv::assign

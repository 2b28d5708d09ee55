#include "assign/gpu_steps.h"

#include "assign/core/scope_json.h"
#include "assign/core/setting_json.h"
#include "assign/wanted_settings.h"
#include "hyperv/host_facts.h"

#include <nlohmann/json.hpp>

namespace exhyperv::assign {

namespace {

struct StepTraits {
    bool needs_vm_off = false;
    bool undone = true; ///< the catalogue has an undo text
};

Step make_step(std::string id, std::string kind, const std::string& text, const MessageArgs& args, StepTraits traits,
               nlohmann::json parameters) {
    Step step;
    step.id = std::move(id);
    step.kind = std::move(kind);
    step.what = {"step." + text + ".what", args};
    step.why = {"step." + text + ".why", args};
    if (traits.undone) step.undo = {"step." + text + ".undo", args};
    step.needs_vm_off = traits.needs_vm_off;
    step.needs_elevation = true;
    step.parameters = std::make_shared<const nlohmann::json>(std::move(parameters));
    return step;
}

std::string numbered(const std::string& id, std::size_t number) {
    return number <= 1 ? id : id + "." + std::to_string(number);
}

nlohmann::json of_vm(const model::Vm& vm) {
    return {{"vm", vm.id.str()}, {"vm_name", vm.name}};
}

} // namespace

Step policy_step() {
    nlohmann::json values{{std::string(hyperv::kRequireSecure), 0u}, {std::string(hyperv::kRequireSupported), 0u}};
    return make_step("policy.write", "host.policy", "policy", {}, {},
                     {{"values", std::move(values)}, {"originals", "remember"}});
}

Step policy_back_step(const PolicyValues& originals) {
    auto values = nlohmann::json::object();
    for (const auto& [name, value] : originals)
        values[name] = value ? nlohmann::json(*value) : nlohmann::json();
    return make_step("policy.restore", "host.policy", "policy_back", {}, {},
                     {{"values", std::move(values)}, {"originals", "forget"}});
}

Step power_step(const model::Vm& vm, bool turn_off) {
    auto parameters = of_vm(vm);
    parameters["how"] = turn_off ? "turn_off" : "shut_down";
    return make_step("vm.power", "vm.power", turn_off ? "turn_off" : "shut_down", {{"vm", vm.name}}, {false, false},
                     std::move(parameters));
}

Step settings_step(const model::Vm& vm, const hyperv::SettingValues& wanted) {
    auto parameters = of_vm(vm);
    parameters["set"] = settings_to_json(wanted);
    parameters["originals"] = "remember";
    return make_step("vm.settings", "vm.settings", "settings", {{"vm", vm.name}, {"changes", settings_text(wanted)}},
                     {need_vm_off(wanted)}, std::move(parameters));
}

Step settings_back_step(const model::Vm& vm, const hyperv::SettingValues& originals) {
    auto parameters = of_vm(vm);
    parameters["set"] = settings_to_json(originals);
    parameters["originals"] = "forget";
    return make_step("vm.settings", "vm.settings", "settings_back",
                     {{"vm", vm.name}, {"changes", settings_text(originals)}}, {need_vm_off(originals)},
                     std::move(parameters));
}

Step partition_add_step(const model::Vm& vm, const model::Gpu& gpu) {
    auto parameters = of_vm(vm);
    parameters["gpu"] = gpu.interface_path;
    parameters["gpu_name"] = gpu.name;
    return make_step("partition.add", "gpu.partition.add", "partition_add", {{"gpu", gpu.name}, {"vm", vm.name}}, {},
                     std::move(parameters));
}

Step partition_remove_step(const model::Vm& vm, const model::GpuPartition& partition, const std::string& gpu_name,
                           std::size_t number) {
    auto parameters = of_vm(vm);
    parameters["gpu"] = partition.gpu_interface_path;
    parameters["gpu_name"] = gpu_name;
    parameters["partition"] = partition.id;
    return make_step(numbered("partition.remove", number), "gpu.partition.remove", "partition_remove",
                     {{"gpu", gpu_name}, {"vm", vm.name}}, {}, std::move(parameters));
}

Step import_step(const model::Vm& vm, const std::string& disk, std::uint32_t partition, const DriverStepText& text) {
    auto parameters = of_vm(vm);
    parameters["card"] = text.card;
    parameters["card_name"] = text.card_name;
    parameters["disk"] = disk;
    parameters["partition"] = partition;
    parameters["engine"] = guest::engine_name(text.engine);
    if (text.copy) parameters["copy"] = true;
    if (!text.scope.none()) parameters["scope"] = scope_to_json(text.scope);
    return make_step("guest.import", "guest.import", text.linux_guest ? "import_linux" : "import",
                     {{"gpu", text.card_name},
                      {"vm", vm.name},
                      {"disk", disk.empty() ? "?" : disk},
                      {"version", text.version},
                      {"size", text.size},
                      {"files", text.files}},
                     {true}, std::move(parameters));
}

Step purge_step(const model::Vm& vm, const std::string& disk, std::uint32_t partition, const std::string& card,
                const std::string& card_name, guest::Engine engine, std::size_t number) {
    auto parameters = of_vm(vm);
    parameters["card"] = card;
    parameters["card_name"] = card_name;
    parameters["disk"] = disk;
    parameters["partition"] = partition;
    parameters["engine"] = guest::engine_name(engine);
    return make_step(numbered("guest.purge", number), "guest.purge", "purge",
                     {{"gpu", card_name}, {"vm", vm.name}, {"disk", disk.empty() ? "?" : disk}}, {true},
                     std::move(parameters));
}

Step wait_step(const model::Vm& vm, const drivers::ScopeWish& scope, std::size_t number) {
    auto parameters = of_vm(vm);
    parameters["scope"] = scope_to_json(scope);
    return make_step(numbered("sync.wait", number), "sync.wait", "wait", {{"vm", vm.name}}, {}, std::move(parameters));
}

Step forget_wait_step(const model::Vm& vm, std::size_t number) {
    return make_step(numbered("sync.forget", number), "sync.forget", "forget_wait", {{"vm", vm.name}}, {}, of_vm(vm));
}

Step verify_step(const model::Vm& vm, const std::string& gpu, const std::string& gpu_name, bool present,
                 const hyperv::SettingValues& settings, const std::string& disk) {
    auto parameters = of_vm(vm);
    parameters["gpu"] = gpu;
    parameters["gpu_name"] = gpu_name;
    parameters["present"] = present;
    parameters["settings"] = settings_to_json(settings);
    parameters["disk"] = disk;
    return make_step("verify", "gpu.verify", "verify", {{"gpu", gpu_name}, {"vm", vm.name}}, {false, false},
                     std::move(parameters));
}

} // namespace exhyperv::assign

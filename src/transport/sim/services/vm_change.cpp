#include "transport/sim/services/vm_change.h"

#include "support/strings.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

namespace exhyperv::sim {

Vm* vm_of_settings(World& world, const std::string& reference) {
    auto path = cim::ObjectPath::parse(reference);
    if (!path || !iequals(path->class_name, "Msvm_VirtualSystemSettingData")) return nullptr;
    auto id = ids::parse(path->text_key("InstanceID"));
    return id && id->suffix.empty() ? find_vm(world, id->owner) : nullptr;
}

Vm* vm_of_machine(World& world, const cim::ObjectPath& path) {
    auto id = Guid::parse(path.text_key("Name"));
    return id ? find_vm(world, *id) : nullptr;
}

std::string vm_note(const Call& call, const Vm& vm) {
    return say(call.chinese(), failures::vm_note, {vm.id.str()});
}

Outcome device_failure(const Call& call, std::uint32_t code, const Spoken& summary, const Vm& vm,
                       std::string_view device, std::string cause) {
    auto first = say(call.chinese(), summary, {vm.config.name, device});
    return Outcome::failure(code, {first, first + " " + vm_note(call, vm), std::move(cause)});
}

std::optional<Guid> vm_in_parameter(const Call& call) {
    const auto* vm = vm_of_settings(call.world, call.text("AffectedConfiguration"));
    return vm ? std::optional(vm->id) : std::nullopt;
}

} // namespace exhyperv::sim

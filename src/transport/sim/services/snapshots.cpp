#include "support/strings.h"
#include "transport/sim/services/vm_change.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kClass = "Msvm_VirtualSystemSnapshotService";

Vm* machine(const Call& call, std::string_view parameter) {
    auto path = cim::ObjectPath::parse(call.text(parameter));
    return path ? vm_of_machine(call.world, *path) : nullptr;
}

struct Named {
    Vm* vm = nullptr;
    std::size_t index = 0;
};
std::optional<Named> checkpoint(const Call& call, std::string_view parameter) {
    auto path = cim::ObjectPath::parse(call.text(parameter));
    auto id = path ? ids::parse(path->text_key("InstanceID")) : std::nullopt;
    if (!id || !id->suffix.empty()) return std::nullopt;
    for (auto& vm : call.world.vms)
        for (std::size_t i = 0; i < vm.checkpoints.size(); ++i)
            if (vm.checkpoints[i].id == id->owner) return Named{&vm, i};
    return std::nullopt;
}

/// D:\VMs\a\a.vhdx → D:\VMs\a\a_<id>.avhdx
std::string child_image(const std::string& image, const Guid& id) {
    auto dot = image.rfind('.'), slash = image.rfind('\\');
    auto stem = dot != image.npos && (slash == image.npos || dot > slash) ? image.substr(0, dot) : image;
    auto base = stem.rfind('_') != stem.npos && Guid::parse(stem.substr(stem.rfind('_') + 1))
                    ? stem.substr(0, stem.rfind('_'))
                    : stem;
    return base + "_" + id.str() + (icontains(image, ".vhdx") || icontains(image, ".avhdx") ? ".avhdx" : ".avhd");
}

/// Gives the VM new leaf images over the ones it has.
void branch(Call& call, VmConfig& config) {
    for (auto& drive : config.drives) {
        if (drive.kind != DriveKind::disk || drive.image.empty()) continue;
        auto child = child_image(drive.image, Guid::random());
        call.world.images.push_back({.path = child, .spec = {}, .parent = drive.image});
        drive.image = child;
    }
}

void drop_image(Call& call, const std::string& image) {
    std::erase_if(call.world.images, [&](const DiskArtifact& artifact) { return iequals(artifact.path, image); });
    call.disks.remove(image);
}

Outcome create(Call& call) {
    auto* vm = machine(call, "AffectedSystem");
    const auto type = call.parameter("SnapshotType").as_uint().value_or(0);
    if (!vm || (type != 2 && type != 3 && type != 32768)) return Outcome::failure(code::invalid_parameter, {});
    if (vm->config.checkpoint_type == 2) return Outcome::failure(code::not_supported, {});
    if (!vm->off() && (!vm->config.devices.empty() || !vm->config.gpus.empty()))
        return Outcome::failure(code::failed, {say(call.chinese(), failures::no_save)});
    Checkpoint made{.id = Guid::random(),
                    .parent = vm->current_checkpoint,
                    .created_ms = call.now_ms,
                    .has_memory = !vm->off(),
                    .config = vm->config};
    made.config.name = vm->config.name + " - (" + ids::datetime(call.now_ms).substr(0, 14) + ")";
    branch(call, vm->config);
    vm->current_checkpoint = made.id;
    vm->changed_ms = call.now_ms;
    Outcome outcome;
    outcome.results_name = "ResultingSnapshot";
    outcome.results_array = false;
    cim::ObjectPath path{call.world.host.name,
                         std::string(kV2),
                         "Msvm_VirtualSystemSettingData",
                         {{"InstanceID", ids::setting(made.id)}},
                         false};
    outcome.affected.push_back(path.full());
    vm->checkpoints.push_back(std::move(made));
    return outcome;
}

Outcome apply(Call& call) {
    auto named = checkpoint(call, "Snapshot");
    if (!named) return Outcome::failure(code::invalid_parameter, {});
    auto& vm = *named->vm;
    if (!vm.off() && vm.state != vm_state::saved)
        return Outcome::failure(code::invalid_state, {say(call.chinese(), failures::invalid_state)});
    for (const auto& drive : vm.config.drives)
        if (icontains(drive.image, ".avhd")) drop_image(call, drive.image);
    const auto name = vm.config.name;
    vm.config = vm.checkpoints[named->index].config;
    vm.config.name = name;
    branch(call, vm.config);
    vm.current_checkpoint = vm.checkpoints[named->index].id;
    vm.changed_ms = call.now_ms;
    return {};
}

/// The images of a destroyed checkpoint are merged by the real host; here they stay as parents of those that build on
/// them.
void forget(Vm& vm, const Guid& id) {
    auto it =
        std::find_if(vm.checkpoints.begin(), vm.checkpoints.end(), [&](const Checkpoint& c) { return c.id == id; });
    if (it == vm.checkpoints.end()) return;
    auto parent = it->parent;
    for (auto& other : vm.checkpoints)
        if (other.parent == id) other.parent = parent;
    if (vm.current_checkpoint == id) vm.current_checkpoint = parent;
    vm.checkpoints.erase(it);
}

Outcome destroy(Call& call) {
    auto named = checkpoint(call, "AffectedSnapshot");
    if (!named) return Outcome::failure(code::invalid_parameter, {});
    forget(*named->vm, named->vm->checkpoints[named->index].id);
    named->vm->changed_ms = call.now_ms;
    return {};
}

Outcome destroy_tree(Call& call) {
    auto named = checkpoint(call, "SnapshotSettingData");
    if (!named) return Outcome::failure(code::invalid_parameter, {});
    auto& vm = *named->vm;
    std::vector<Guid> doomed{vm.checkpoints[named->index].id};
    for (std::size_t i = 0; i < doomed.size(); ++i)
        for (const auto& other : vm.checkpoints)
            if (other.parent == doomed[i]) doomed.push_back(other.id);
    for (auto it = doomed.rbegin(); it != doomed.rend(); ++it)
        forget(vm, *it);
    vm.changed_ms = call.now_ms;
    return {};
}

} // namespace

void add_snapshots(Methods& out) {
    out.push_back({kClass, "CreateSnapshot", 70, true, true, nullptr, nullptr, create, nullptr});
    out.push_back({kClass, "ApplySnapshot", 71, true, true, nullptr, nullptr, apply, nullptr});
    out.push_back({kClass, "DestroySnapshot", 72, true, true, nullptr, nullptr, destroy, nullptr});
    out.push_back({kClass, "DestroySnapshotTree", 72, true, true, nullptr, nullptr, destroy_tree, nullptr});
}

} // namespace exhyperv::sim

#include "cim/xml.h"
#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/services/method.h"
#include "transport/sim/world/texts.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kClass = "Msvm_ImageManagementService";

bool held_by_running_vm(const World& world, const std::string& path) {
    for (const auto& vm : world.vms)
        if (vm.running() || vm.state == vm_state::paused || vm.state == vm_state::starting)
            for (const auto& drive : vm.config.drives)
                if (iequals(drive.image, path)) return true;
    return false;
}

const Mount* find_mount(const World& world, const std::string& path) {
    for (const auto& mount : world.mounts)
        if (iequals(mount.path, path)) return &mount;
    return nullptr;
}

std::string mount_path(const World& world, const Mount& mount) {
    cim::ObjectPath path{world.host.name, std::string(kV2), "Msvm_MountedStorageImage", {}, false};
    path.keys = {{"Lun", std::int64_t{mount.lun}},
                 {"PathId", std::int64_t{mount.path_id}},
                 {"PortNumber", std::int64_t{mount.port}},
                 {"TargetId", std::int64_t{mount.target}}};
    return path.full();
}

Outcome attach(Call& call) {
    const auto path = call.text("Path");
    if (call.disks.probe(call.world, path) == DiskAnswer::missing)
        return Outcome::failure(code::file_not_found, {path});
    if (find_mount(call.world, path) || held_by_running_vm(call.world, path) ||
        call.disks.probe(call.world, path) == DiskAnswer::in_use)
        return Outcome::failure(code::in_use, {say(call.chinese(), failures::disk_attachment, {path})});
    Mount mount{.path = path, .read_only = call.parameter("ReadOnly").as_bool().value_or(false), .port = 2};
    auto taken = [&] {
        return std::any_of(call.world.mounts.begin(), call.world.mounts.end(),
                           [&](const Mount& m) { return m.lun == mount.lun; });
    };
    while (taken())
        ++mount.lun;
    call.world.mounts.push_back(mount);
    Outcome outcome;
    outcome.affected.push_back(mount_path(call.world, mount));
    return outcome;
}

Outcome find_image(Call& call) {
    const auto* mount = find_mount(call.world, call.text("SelectionCriterion"));
    const auto type = call.parameter("CriterionType").as_uint().value_or(99);
    if (type != 0 && type != 2) return Outcome::failure(code::invalid_parameter, {});
    if (!mount) return Outcome::failure(32789, {});
    Outcome outcome;
    outcome.results_name = "Image";
    outcome.results_array = false;
    outcome.affected.push_back(mount_path(call.world, *mount));
    return outcome;
}

Outcome detach(Call& call) {
    auto erased = std::erase_if(call.world.mounts, [&](const Mount& mount) {
        const auto* lun = call.object.key("Lun");
        const auto* number = lun ? std::get_if<std::int64_t>(lun) : nullptr;
        return number && *number == mount.lun;
    });
    return erased ? Outcome{} : Outcome::failure(1, {});
}

bool differencing(const std::string& path) {
    return icontains(path, ".avhd");
}

/// The parent a differencing image of a checkpointed VM builds on.
std::string parent_of(const World& world, const std::string& path) {
    for (const auto& vm : world.vms)
        for (std::size_t i = 0; i < vm.config.drives.size(); ++i) {
            if (!iequals(vm.config.drives[i].image, path)) continue;
            for (const auto& checkpoint : vm.checkpoints)
                if (vm.current_checkpoint == checkpoint.id && i < checkpoint.config.drives.size())
                    return checkpoint.config.drives[i].image;
        }
    return {};
}

Outcome disk_settings(Call& call) {
    const auto path = call.text("Path");
    if (call.disks.probe(call.world, path) == DiskAnswer::missing)
        return Outcome::failure(code::file_not_found, {path});
    cim::Instance disk("Msvm_VirtualHardDiskSettingData");
    disk.set("Path", cim::Value::string(path));
    disk.set("Type", cim::Value::uint16(differencing(path) ? 4 : 3));
    disk.set("Format", cim::Value::uint16(icontains(path, "vhdx") ? 3 : 2));
    auto parent = differencing(path) ? parent_of(call.world, path) : std::string();
    disk.set("ParentPath", parent.empty() ? cim::Value::null(cim::CimType::string) : cim::Value::string(parent));
    Outcome outcome;
    outcome.out.push_back({"SettingData", cim::Value::string(cim::to_cim_xml(disk))});
    return outcome;
}

Outcome disk_state(Call& call) {
    const auto path = call.text("Path");
    const auto answer = call.disks.probe(call.world, path);
    if (answer == DiskAnswer::missing) return Outcome::failure(code::file_not_found, {path});
    cim::Instance state("Msvm_VirtualHardDiskState");
    state.set("FileSize", cim::Value::uint64(call.disks.length(path)));
    state.set("InUse", cim::Value::boolean(answer == DiskAnswer::in_use || find_mount(call.world, path) ||
                                           held_by_running_vm(call.world, path)));
    Outcome outcome;
    outcome.out.push_back({"State", cim::Value::string(cim::to_cim_xml(state))});
    return outcome;
}

} // namespace

void add_image_management(Methods& out) {
    out.push_back({kClass, "AttachVirtualHardDisk", 0, true, true, nullptr, nullptr, attach, nullptr});
    out.push_back({kClass, "FindMountedStorageImageInstance", 0, false, false, nullptr, nullptr, find_image, nullptr});
    // OUT texts of a job are nowhere to be read, so these two answer at once in every mode.
    out.push_back({kClass, "GetVirtualHardDiskSettingData", 0, false, false, nullptr, nullptr, disk_settings, nullptr});
    out.push_back({kClass, "GetVirtualHardDiskState", 0, false, false, nullptr, nullptr, disk_state, nullptr});
    out.push_back(
        {"Msvm_MountedStorageImage", "DetachVirtualHardDisk", 0, false, false, nullptr, nullptr, detach, nullptr});
}

} // namespace exhyperv::sim

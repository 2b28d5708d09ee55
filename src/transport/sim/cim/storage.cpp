#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/ids.h"

#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

/// Images the host itself has attached.
class MountedImages final : public Family {
  public:
    MountedImages() : Family(kV2, "Msvm_MountedStorageImage") {}
    void each(const View& view, const Visit& visit) const override {
        for (const auto& mount : view.world.mounts)
            if (!visit(Object{.item = &mount})) return;
    }
    void fill(const View&, const Object& object, Row& row) const override {
        const auto& mount = *static_cast<const Mount*>(object.item);
        row.number("PortNumber", mount.port)
            .number("PathId", mount.path_id)
            .number("TargetId", mount.target)
            .number("Lun", mount.lun);
        row.text("Name", mount.path)
            .text("Caption", mount.path)
            .number("Access", mount.read_only ? 1 : 2)
            .number("Type", 0);
    }
};

/// Physical disks that a VM could have as a whole.
class DiskDrives final : public Family {
  public:
    DiskDrives() : Family(kV2, "Msvm_DiskDrive") {}
    void each(const View& view, const Visit& visit) const override {
        for (const auto& disk : view.world.disks)
            if (!visit(Object{.item = &disk})) return;
    }
    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& disk = *static_cast<const HostDisk*>(object.item);
        row.text("CreationClassName", "Msvm_DiskDrive")
            .text("SystemCreationClassName", "Msvm_ComputerSystem")
            .text("SystemName", view.host());
        if (row.wants("DeviceID")) row.text("DeviceID", disk_device_id(disk));
        row.text("ElementName", fmt::format("Disk {} {}", disk.number, disk.name)).number("DriveNumber", disk.number);
        row.number("EnabledState", disk.online ? 3 : 2);
    }
};

} // namespace

void add_storage(Families& out) {
    out.push_back(std::make_unique<MountedImages>());
    out.push_back(std::make_unique<DiskDrives>());
}

} // namespace exhyperv::sim

#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/ids.h"

namespace exhyperv::sim {

namespace {

/// Singleton services of the host.
class Service final : public Family {
  public:
    Service(std::string_view class_name, std::string_view name) : Family(kV2, class_name), name_(name) {}
    void each(const View&, const Visit& visit) const override { visit(Object{}); }
    /// Clients name a service by any of its keys (libvirt gives CreationClassName alone): what is given must fit.
    std::optional<Object> find(const View& view, const cim::ObjectPath& path) const override {
        const auto own = path_of(view, Object{});
        for (const auto& [name, value] : path.keys) {
            const auto* mine = own.key(name);
            const auto *given = std::get_if<std::string>(&value), *is = mine ? std::get_if<std::string>(mine) : nullptr;
            if (!given || !is || !iequals(*given, *is)) return std::nullopt;
        }
        return Object{};
    }
    void fill(const View& view, const Object&, Row& row) const override {
        row.text("CreationClassName", class_name())
            .text("Name", name_)
            .text("SystemCreationClassName", "Msvm_ComputerSystem");
        row.text("SystemName", view.host()).text("ElementName", name_).number("EnabledState", 5).flag("Started", true);
        row.number("HealthState", 5).numbers("OperationalStatus", {2}).text("StartMode", "Automatic");
    }

  private:
    std::string_view name_;
};

class ServiceSettings final : public Family {
  public:
    ServiceSettings() : Family(kV2, "Msvm_VirtualSystemManagementServiceSettingData") {}
    void each(const View&, const Visit& visit) const override { visit(Object{}); }
    void fill(const View& view, const Object&, Row& row) const override {
        row.text("InstanceID", "Microsoft:" + view.host())
            .text("ElementName", "Hyper-V Virtual System Management Service");
        row.text("DefaultExternalDataRoot", view.world.host.vm_root)
            .text("DefaultVirtualHardDiskPath", view.world.host.vm_root + "\\Virtual Hard Disks");
        row.flag("NumaSpanningEnabled", true).flag("EnhancedSessionModeEnabled", !view.world.host.server());
        row.text("MinimumMacAddress", "00155D010100").text("MaximumMacAddress", "00155D0101FF");
    }
};

} // namespace

void add_services(Families& out) {
    out.push_back(std::make_unique<Service>("Msvm_VirtualSystemManagementService", "vmms"));
    out.push_back(std::make_unique<Service>("Msvm_ImageManagementService", "ims"));
    out.push_back(std::make_unique<Service>("Msvm_VirtualSystemSnapshotService", "vsss"));
    out.push_back(std::make_unique<Service>("Msvm_AssignableDeviceService", "ads"));
    out.push_back(std::make_unique<Service>("Msvm_VirtualSystemMigrationService", "vsms"));
    out.push_back(std::make_unique<Service>("Msvm_ResourcePoolConfigurationService", "rpcs"));
    out.push_back(std::make_unique<ServiceSettings>());
}

} // namespace exhyperv::sim

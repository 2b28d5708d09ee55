#include "transport/sim/cim/configs.h"

#include "support/strings.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

namespace exhyperv::sim {

namespace {

/// Msvm_VirtualSystemSettingData: the realized settings of each VM, and its checkpoints.
class SystemSettings final : public Family {
  public:
    SystemSettings() : Family(kV2, "Msvm_VirtualSystemSettingData") {}

    void each(const View& view, const Visit& visit) const override { each_config(view, visit); }

    std::optional<Object> find(const View& view, const cim::ObjectPath& path) const override {
        auto id = ids::parse(path.text_key("InstanceID"));
        if (!id || !id->suffix.empty()) return std::nullopt;
        return find_config(view, id->owner);
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& vm = *object.vm;
        const auto& c = *object.config;
        const auto* checkpoint = static_cast<const Checkpoint*>(object.item);
        if (row.wants("InstanceID")) row.text("InstanceID", ids::setting(object.owner));
        if (row.wants("VirtualSystemIdentifier")) row.text("VirtualSystemIdentifier", vm.id.str());
        row.text("VirtualSystemType",
                 checkpoint ? "Microsoft:Hyper-V:Snapshot:Realized" : "Microsoft:Hyper-V:System:Realized");
        row.text("ElementName", c.name).text("Caption", captions::settings.in(view.chinese()));
        row.text("Description", captions::settings.in(view.chinese())).texts("Notes", c.notes);
        row.when("CreationTime", checkpoint ? checkpoint->created_ms : vm.created_ms);
        row.text("Version", vm.version);
        row.text("VirtualSystemSubType",
                 vm.generation == 1 ? "Microsoft:Hyper-V:SubType:1" : "Microsoft:Hyper-V:SubType:2");
        fill_files(view, object, row);
        row.number("AutomaticStartupAction", c.start_action).number("AutomaticShutdownAction", c.stop_action);
        row.number("AutomaticRecoveryAction", c.recovery_action).number("AutomaticStartupActionSequenceNumber", 0);
        row.text("AutomaticStartupActionDelay", "00000000000000.000000:000");
        row.number("UserSnapshotType", c.checkpoint_type).flag("AutomaticSnapshotsEnabled", c.automatic_checkpoints);
        row.flag("IsAutomaticSnapshot", checkpoint && checkpoint->automatic);
        row.flag("GuestControlledCacheTypes", c.cache_types).number("LowMmioGapSize", c.low_mmio_mib);
        row.number("HighMmioGapSize", c.high_mmio_mib).number("HighMmioGapBase", c.high_mmio_base_mib);
        row.flag("SecureBootEnabled", vm.generation == 2 && c.secure_boot).flag("BootPciExpress", c.boot_pci_express);
        row.flag("VirtualNumaEnabled", true)
            .flag("IncrementalBackupEnabled", false)
            .flag("IsSaved", vm.state == vm_state::saved);
        row.flag("LockOnDisconnect", false).flag("PauseAfterBootFailure", false).number("ConsoleMode", 0);
        row.number("EnhancedSessionTransportType", 0).number("AutomaticCriticalErrorAction", 1);
        row.text("AutomaticCriticalErrorActionTimeout", "00000000003000.000000:000").text("Architecture", "x64");
        row.flag("EnableHibernation", false)
            .flag("TurnOffOnGuestRestart", false)
            .flag("GuestStateIsolationEnabled", false);
        row.number("NetworkBootPreferredProtocol", 4096)
            .flag("BIOSNumLock", false)
            .flag("AllowFullSCSICommandSet", false);
        row.number("DebugPortEnabled", 0)
            .number("DebugPort", 0)
            .number("DebugChannelId", 0)
            .flag("AllowReducedFcRedundancy", false);
        if (row.wants("BIOSGUID")) row.text("BIOSGUID", "{" + vm.id.str() + "}");
        if (checkpoint && checkpoint->parent && row.wants("Parent"))
            row.text("Parent", parent_path(view, *checkpoint->parent));
        if (!checkpoint && vm.current_checkpoint && row.wants("Parent"))
            row.text("Parent", parent_path(view, *vm.current_checkpoint));
        fill_extras(c, "", row);
    }

  private:
    std::string parent_path(const View& view, const Guid& id) const {
        auto parent = find_config(view, id);
        return parent ? path_of(view, *parent).full() : std::string();
    }

    static void fill_files(const View& view, const Object& object, Row& row) {
        const auto& root = view.world.host.vm_root;
        row.text("ConfigurationDataRoot", root).text("SnapshotDataRoot", root).text("SuspendDataRoot", root);
        row.text("SwapFileDataRoot", root).text("LogDataRoot", root).text("GuestStateDataRoot", root);
        if (!row.wants("ConfigurationFile") && !row.wants("ConfigurationID") && !row.wants("GuestStateFile")) return;
        auto id = object.owner.str();
        auto folder = object.item ? "Snapshots\\" : "Virtual Machines\\";
        row.text("ConfigurationID", id).text("ConfigurationFile", folder + id + ".vmcx");
        row.text("GuestStateFile", folder + id + ".vmgs");
    }
};

} // namespace

void add_system_settings(Families& out) {
    out.push_back(std::make_unique<SystemSettings>());
}

} // namespace exhyperv::sim

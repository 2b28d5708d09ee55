#include "support/strings.h"
#include "transport/sim/cim/configs.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

#include <fmt/format.h>

#include <array>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kAmountNames[] = {"MinPartitionVRAM",    "MaxPartitionVRAM",    "OptimalPartitionVRAM",
                                             "MinPartitionEncode",  "MaxPartitionEncode",  "OptimalPartitionEncode",
                                             "MinPartitionDecode",  "MaxPartitionDecode",  "OptimalPartitionDecode",
                                             "MinPartitionCompute", "MaxPartitionCompute", "OptimalPartitionCompute"};

/// A client build before Server 2022 neither chooses nor tells the GPU of a partition (wmi-facts 1.8).
bool gpu_choice_readable(const HostState& host) {
    return host.build >= 20348;
}

/// The settings of one kind in every VM and checkpoint.
class Settings final : public Family {
  public:
    explicit Settings(SettingKind kind) : Family(kV2, setting_class(kind)), kind_(kind) {}
    [[nodiscard]] SettingKind kind() const { return kind_; }

    void each(const View& view, const Visit& visit) const override {
        each_config(view, [&](const Object& owner) {
            for (std::size_t i = 0; i < setting_count(*owner.config, kind_); ++i) {
                if (!shown(*owner.config, i)) continue;
                auto object = owner;
                object.index = static_cast<std::uint32_t>(i);
                if (!visit(object)) return false;
            }
            return true;
        });
    }

    std::optional<Object> find(const View& view, const cim::ObjectPath& path) const override {
        auto id = ids::parse(path.text_key("InstanceID"));
        if (!id || id->suffix.empty()) return std::nullopt;
        auto object = find_config(view, id->owner);
        if (!object) return std::nullopt;
        for (std::size_t i = 0; i < setting_count(*object->config, kind_); ++i) {
            if (!shown(*object->config, i) || !iequals(setting_suffix(*object->config, kind_, i), id->suffix)) continue;
            object->index = static_cast<std::uint32_t>(i);
            return object;
        }
        return std::nullopt;
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        auto suffix = setting_suffix(*object.config, kind_, object.index);
        row.text("InstanceID", ids::component(object.owner, suffix));
        switch (kind_) {
        case SettingKind::memory:
            fill_memory(view, *object.config, row);
            break;
        case SettingKind::processor:
            fill_processor(view, *object.config, row);
            break;
        case SettingKind::gpu:
            fill_gpu(view, object, row);
            break;
        case SettingKind::pci:
            fill_pci(view, object, row);
            break;
        case SettingKind::controller:
            fill_controller(view, object, row);
            break;
        case SettingKind::drive:
            fill_drive(view, object, row);
            break;
        case SettingKind::storage:
            fill_storage(view, object, row);
            break;
        case SettingKind::nic:
            fill_nic(view, object, row);
            break;
        case SettingKind::connection:
            fill_connection(view, object, row);
            break;
        }
        if (!object.config->extras.empty()) fill_extras(*object.config, suffix, row);
    }

  private:
    /// An image setting exists only while a medium is in the drive; physical disks hang on the drive itself.
    bool shown(const VmConfig& config, std::size_t index) const {
        if (kind_ != SettingKind::storage) return true;
        const auto& drive = config.drives[index];
        return drive.kind != DriveKind::physical && !drive.image.empty();
    }

    static void fill_memory(const View& view, const VmConfig& c, Row& row) {
        fill_resource(view, resource_type(4, {}), row);
        row.text("AllocationUnits", "byte * 2^20").text("VirtualQuantityUnits", "byte * 2^20");
        row.number("VirtualQuantity", c.memory_mib)
            .number("Reservation", c.dynamic_memory ? c.memory_min_mib : c.memory_mib);
        row.number("Limit", c.dynamic_memory ? c.memory_max_mib : c.memory_mib).number("Weight", 5000);
        row.flag("DynamicMemoryEnabled", c.dynamic_memory).number("TargetMemoryBuffer", 20).flag("IsVirtualized", true);
        row.flag("SwapFilesInUse", false)
            .number("MaxMemoryBlocksPerNumaNode", view.world.host.memory_mib)
            .flag("SgxEnabled", false);
        row.number("SgxSize", 0).flag("HugePagesEnabled", false);
    }

    static void fill_processor(const View& view, const VmConfig& c, Row& row) {
        fill_resource(view, resource_type(3, {}), row);
        row.text("AllocationUnits", "percent / 1000").number("VirtualQuantity", c.processors).number("Reservation", 0);
        row.number("Limit", 100000)
            .number("Weight", 100)
            .flag("LimitCPUID", false)
            .flag("LimitProcessorFeatures", false);
        row.number("MaxProcessorsPerNumaNode", view.world.host.processors).number("MaxNumaNodesPerSocket", 1);
        row.flag("ExposeVirtualizationExtensions", false)
            .flag("EnableHostResourceProtection", false)
            .flag("HideHypervisorPresent", false);
        row.number("HwThreadsPerCore", 0).text("CpuGroupId", "00000000-0000-0000-0000-000000000000");
    }

    static void fill_gpu(const View& view, const Object& object, Row& row) {
        const auto& gpu = object.config->gpus[object.index];
        fill_resource(view, resource_type(32770, {}), row);
        row.number("MappingBehavior", 3);
        if (!gpu.host_resource.empty() && gpu_choice_readable(view.world.host))
            row.texts("HostResource", {gpu.host_resource});
        for (std::size_t i = 0; i < 12; ++i)
            if (gpu.amounts[i]) row.number(kAmountNames[i], *gpu.amounts[i]);
        if (row.wants("VirtualSystemIdentifiers")) row.texts("VirtualSystemIdentifiers", {"{" + gpu.id.str() + "}"});
    }

    static void fill_pci(const View& view, const Object& object, Row& row) {
        const auto& device = object.config->devices[object.index];
        fill_resource(view, resource_type(32769, {}), row);
        row.texts("HostResource", {device.host_resource});
        std::vector<std::uint64_t> functions(device.virtual_functions.begin(), device.virtual_functions.end());
        row.numbers("VirtualFunctions", functions).flags("AllowDirectTranslatedP2P", {false}).number("TargetVtl", 0);
        row.flag("NumaAwarePlacement", false).number("GuestPciExpressMode", 0);
        if (row.wants("VirtualSystemIdentifiers")) row.texts("VirtualSystemIdentifiers", {"{" + device.id.str() + "}"});
    }

    static void fill_controller(const View& view, const Object& object, Row& row) {
        const auto& controller = object.config->controllers[object.index];
        const auto ide = controller.kind == ControllerKind::ide;
        fill_resource(view, resource_type(ide ? 5 : 6, {}), row);
        if (ide)
            row.text("ElementName",
                     fmt::format("{} {}", captions::ide_controller.in(view.chinese()), controller.number));
        if (ide) row.text("Address", std::to_string(controller.number));
        if (row.wants("VirtualSystemIdentifiers") && !ide)
            row.texts("VirtualSystemIdentifiers", {"{" + controller.id.str() + "}"});
    }

    static std::string parent_path(const View& view, const Object& object, SettingKind kind, std::uint32_t index) {
        auto parent = object;
        parent.index = index;
        return setting_family(kind).path_of(view, parent).full();
    }

    static void fill_drive(const View& view, const Object& object, Row& row) {
        const auto& config = *object.config;
        const auto& drive = config.drives[object.index];
        auto type = drive.kind == DriveKind::dvd
                        ? std::pair<std::uint16_t, std::string_view>{16, "Microsoft:Hyper-V:Synthetic DVD Drive"}
                    : drive.kind == DriveKind::physical
                        ? std::pair<std::uint16_t, std::string_view>{17, "Microsoft:Hyper-V:Physical Disk Drive"}
                        : std::pair<std::uint16_t, std::string_view>{17, "Microsoft:Hyper-V:Synthetic Disk Drive"};
        fill_resource(view, resource_type(type.first, type.second), row);
        row.text("AddressOnParent", std::to_string(drive.slot));
        if (drive.kind == DriveKind::physical) row.texts("HostResource", {drive.image});
        if (!row.wants("Parent")) return;
        for (std::size_t i = 0; i < config.controllers.size(); ++i)
            if (config.controllers[i].id == drive.controller && config.controllers[i].number == drive.controller_number)
                row.text("Parent", parent_path(view, object, SettingKind::controller, static_cast<std::uint32_t>(i)));
    }

    static void fill_storage(const View& view, const Object& object, Row& row) {
        const auto& drive = object.config->drives[object.index];
        const auto dvd = drive.kind == DriveKind::dvd;
        fill_resource(
            view,
            resource_type(31, dvd ? "Microsoft:Hyper-V:Virtual CD/DVD Disk" : "Microsoft:Hyper-V:Virtual Hard Disk"),
            row);
        row.texts("HostResource", {drive.image}).number("CachingMode", 0).number("Access", dvd ? 1 : 3);
        row.text("IOPSAllocationUnits", "8192")
            .number("IOPSLimit", 0)
            .number("IOPSReservation", 0)
            .number("WriteHardeningMethod", 0);
        row.flag("IgnoreFlushes", false).flag("PersistentReservationsSupported", false);
        if (row.wants("Parent")) row.text("Parent", parent_path(view, object, SettingKind::drive, object.index));
    }

    static void fill_nic(const View& view, const Object& object, Row& row) {
        const auto& nic = object.config->nics[object.index];
        fill_resource(view, resource_type(10, {}), row);
        row.text("ElementName", nic.name)
            .text("Address", nic.mac)
            .flag("StaticMacAddress", false)
            .flag("ClusterMonitored", true);
        if (row.wants("VirtualSystemIdentifiers")) row.texts("VirtualSystemIdentifiers", {"{" + nic.id.str() + "}"});
    }

    static void fill_connection(const View& view, const Object& object, Row& row) {
        const auto& nic = object.config->nics[object.index];
        fill_resource(view, resource_type(33, {}), row);
        row.number("EnabledState", 2).text_or_null("LastKnownSwitchName", nic.switch_name);
        if (row.wants("Parent")) row.text("Parent", parent_path(view, object, SettingKind::nic, object.index));
    }

    SettingKind kind_;
};

} // namespace

const Family& setting_family(SettingKind kind) {
    static const auto by_kind = [] {
        std::array<const Family*, std::size(kSettingKinds)> found{};
        for (const auto& family : families())
            if (const auto* settings = dynamic_cast<const Settings*>(family.get()))
                found[static_cast<std::size_t>(settings->kind())] = settings;
        return found;
    }();
    return *by_kind[static_cast<std::size_t>(kind)];
}

void add_resource_settings(Families& out) {
    for (auto kind : kSettingKinds)
        out.push_back(std::make_unique<Settings>(kind));
}

} // namespace exhyperv::sim

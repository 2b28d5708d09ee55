#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/nodes.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::sim {

namespace {

/// Win32_PnPEntity: WMI lists present nodes, and those that were once here and are remembered as phantoms are left out.
class Entities final : public Family {
  public:
    Entities() : Family(kCimv2Space, "Win32_PnPEntity") {}

    void each(const View& view, const Visit& visit) const override {
        each_node(view.world, [&](const Node& node) { return !node.present || visit(object_of(node)); });
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        auto node = node_of(object);
        auto text = describe_node(node);
        row.text("DeviceID", node.instance_path).text("PNPDeviceID", node.instance_path).text("Name", text.name);
        row.text("Caption", text.name).text("Description", text.name).text_or_null("Manufacturer", text.manufacturer);
        row.text_or_null("PNPClass", text.device_class)
            .text_or_null("ClassGuid", text.class_guid)
            .text_or_null("Service", text.service);
        row.flag("Present", node.present).number("ConfigManagerErrorCode", node.problem);
        row.text("Status", node.problem == 0 ? "OK" : "Error").text("CreationClassName", "Win32_PnPEntity");
        row.text("SystemName", view.host()).text("SystemCreationClassName", "Win32_ComputerSystem");
        row.flag("ConfigManagerUserConfig", false);
        if (row.wants("HardwareID")) row.texts("HardwareID", hardware_ids(node));
    }

  private:
    static Object object_of(const Node& node) {
        if (node.other) return Object{.item = node.other, .variant = 2};
        return Object{.item = node.function, .variant = node.twin ? 1u : 0u};
    }
    static Node node_of(const Object& object) {
        if (object.variant == 2) {
            const auto* other = static_cast<const OtherNode*>(object.item);
            return {.instance_path = other->instance_path,
                    .present = other->present,
                    .problem = other->problem,
                    .other = other};
        }
        const auto* function = static_cast<const PciFunction*>(object.item);
        if (object.variant == 1)
            return {.instance_path = function->twin_path(),
                    .present = function->dismounted(),
                    .function = function,
                    .twin = true};
        return {.instance_path = function->instance_path(),
                .present = function->on_host(),
                .problem = function->problem,
                .function = function};
    }
};

class VideoControllers final : public Family {
  public:
    VideoControllers() : Family(kCimv2Space, "Win32_VideoController") {}

    void each(const View& view, const Visit& visit) const override {
        std::uint32_t number = 0;
        for (const auto& function : view.world.functions) {
            if (!iequals(function.device_class, "Display") || !function.on_host()) continue;
            ++number;
            if (!visit(Object{.item = &function, .index = number})) return;
        }
    }

    void fill(const View&, const Object& object, Row& row) const override {
        const auto& function = *static_cast<const PciFunction*>(object.item);
        row.text("DeviceID", fmt::format("VideoController{}", object.index))
            .text("PNPDeviceID", function.instance_path());
        row.text("Name", function.name).text("Caption", function.name).text("VideoProcessor", function.name);
        row.text("AdapterCompatibility", function.manufacturer).text("DriverVersion", function.driver_version);
        row.text("InfFilename", function.inf).number("ConfigManagerErrorCode", function.problem);
        row.text("Status", function.problem == 0 ? "OK" : "Error");
        // A 32-bit number of bytes: 4 GiB and more wrap.
        row.number("AdapterRAM", std::min<std::uint64_t>(function.vram_bytes, 0xFFF00000u));
        if (function.driver_date.size() == 10)
            row.text("DriverDate", replace_all(function.driver_date, "-", "") + "000000.000000-000");
    }
};

class DiskDrives final : public Family {
  public:
    DiskDrives() : Family(kCimv2Space, "Win32_DiskDrive") {}
    void each(const View& view, const Visit& visit) const override {
        for (const auto& disk : view.world.disks)
            if (!visit(Object{.item = &disk})) return;
    }
    void fill(const View&, const Object& object, Row& row) const override {
        const auto& disk = *static_cast<const HostDisk*>(object.item);
        row.text("DeviceID", fmt::format("\\\\.\\PHYSICALDRIVE{}", disk.number)).number("Index", disk.number);
        row.text("Model", disk.name).text("Caption", disk.name).number("Size", disk.size).number("BytesPerSector", 512);
        row.text("InterfaceType", "SCSI").text("Status", "OK").text("MediaType", "Fixed hard disk media");
    }
};

} // namespace

void add_plug_and_play(Families& out) {
    out.push_back(std::make_unique<Entities>());
    out.push_back(std::make_unique<VideoControllers>());
    out.push_back(std::make_unique<DiskDrives>());
}

} // namespace exhyperv::sim

#include "sample.h"

#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

DeviceInventory sample_inventory() {
    DeviceInventory out;
    out.devices.push_back(sample_entry());
    auto twin = sample_entry("VEN_10DE&DEV_2786\\4&2");
    twin.device.location_path = "PCIROOT(0)#PCI(0200)#PCI(0000)";
    twin.address = PciAddress{2, 0, 0};
    out.devices.push_back(twin);
    auto nvme = sample_entry("VEN_144D&DEV_A80C\\4&3", "Standard NVM Express Controller");
    nvme.device.service = "stornvme";
    nvme.device.location_path = "PCIROOT(0)#PCI(0300)#PCI(0000)";
    nvme.address = PciAddress{3, 0, 0};
    nvme.vendor_name = "Samsung Electronics Co Ltd";
    nvme.device_name = "NVMe SSD Controller 980PRO";
    nvme.children = {sample_child(ChildKind::disk, "Samsung SSD 980 PRO 2TB")};
    out.devices.push_back(nvme);
    auto port = sample_entry("VEN_8086&DEV_A70D\\3&1", "Intel(R) PCI Express Root Port");
    port.is_bridge = true;
    port.address = PciAddress{0, 1, 0};
    port.device.location_path = "PCIROOT(0)#PCI(0100)";
    out.devices.push_back(port);
    auto usb = sample_entry("VEN_1912&DEV_0014\\4&5", "Renesas USB 3.0 PCI Express Controller");
    usb.device.service = "USBXHCI";
    usb.address = PciAddress{5, 0, 0};
    usb.device.location_path = "PCIROOT(0)#PCI(0500)#PCI(0000)";
    usb.children = {sample_child(ChildKind::keyboard, "HID Keyboard Device")};
    usb.children[0].instance_path = "HID\\VID_046D\\7&1";
    out.devices.push_back(usb);
    return out;
}

std::string found(std::string_view wanted) {
    static const auto inventory = sample_inventory();
    const auto result = find_device(inventory, wanted);
    return result ? (*result)->device.pure_id : result.error().code;
}

TEST(FindDevice, ByEveryNameItHas) {
    EXPECT_EQ(found("VEN_10DE&DEV_2786\\4&1"), "VEN_10DE&DEV_2786\\4&1");
    EXPECT_EQ(found("pci\\ven_10de&dev_2786\\4&2"), "VEN_10DE&DEV_2786\\4&2");
    EXPECT_EQ(found("PCIP\\VEN_10DE&DEV_2786\\4&2"), "VEN_10DE&DEV_2786\\4&2") << "the dismounted twin's path";
    EXPECT_EQ(found("pciroot(0)#pci(0200)#pci(0000)"), "VEN_10DE&DEV_2786\\4&2");
    EXPECT_EQ(found("02:00.0"), "VEN_10DE&DEV_2786\\4&2");
    EXPECT_EQ(found("Standard NVM Express Controller"), "VEN_144D&DEV_A80C\\4&3") << "the host's name";
    EXPECT_EQ(found("980pro"), "VEN_144D&DEV_A80C\\4&3") << "the database's name";
    EXPECT_EQ(found("Samsung Electronics NVMe SSD Controller 980PRO"), "VEN_144D&DEV_A80C\\4&3") << "as it is shown";
    EXPECT_EQ(found("ven_144d"), "VEN_144D&DEV_A80C\\4&3") << "the beginning of the id";
}

TEST(FindDevice, DoesNotGuessBetweenEqualCards) {
    EXPECT_EQ(found("RTX 4070"), "device.ambiguous");
    const auto inventory = sample_inventory();
    const auto error = find_device(inventory, "RTX 4070").error();
    EXPECT_NE(error.arg("paths")->find("4&1"), std::string::npos);
    EXPECT_NE(error.arg("paths")->find("4&2"), std::string::npos);
}

TEST(FindDevice, PrefersDevicesToBridges) {
    EXPECT_EQ(found("PCI Express"), "VEN_1912&DEV_0014\\4&5");
    EXPECT_EQ(found("Root Port"), "VEN_8086&DEV_A70D\\3&1") << "but finds one when nothing else fits";
}

TEST(FindDevice, NamesTheControllerOfWhatCannotGoAlone) {
    EXPECT_EQ(found("keyboard"), "device.is_child");
    EXPECT_EQ(found("HID\\VID_046D\\7&1"), "device.is_child");
    const auto inventory = sample_inventory();
    const auto error = find_device(inventory, "980 PRO 2TB").error();
    EXPECT_EQ(error.code, "device.is_child");
    EXPECT_EQ(*error.arg("id"), "VEN_144D&DEV_A80C\\4&3");
}

TEST(FindDevice, SaysWhatIsSimilar) {
    EXPECT_EQ(found(""), "device.unknown");
    EXPECT_EQ(found("   "), "device.unknown");
    const auto inventory = sample_inventory();
    const auto error = find_device(inventory, "NVIDIA GeForce RTX 4071").error();
    EXPECT_EQ(error.code, "device.unknown");
    EXPECT_EQ(*error.arg("near"), "NVIDIA GeForce RTX 4070");
}

TEST(FindDevice, PrefersTheCardThatIsThereToOneThatWas) {
    auto inventory = sample_inventory();
    inventory.devices[1].device.place.kind = model::PlaceKind::stale_reference;
    EXPECT_EQ((*find_device(inventory, "RTX 4070"))->device.pure_id, "VEN_10DE&DEV_2786\\4&1");
    inventory.devices[1].device.location_path = inventory.devices[0].device.location_path;
    EXPECT_EQ((*find_device(inventory, inventory.devices[0].device.location_path))->device.pure_id,
              "VEN_10DE&DEV_2786\\4&1");
    EXPECT_TRUE(find_device(inventory, "VEN_10DE&DEV_2786\\4&2")) << "by its own id it is found all the same";
}

} // namespace
} // namespace exhyperv::assign

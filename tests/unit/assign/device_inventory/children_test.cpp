#include "assign/device/children.h"
#include "hyperv/device_keys.h"

#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

namespace key = hyperv::device_key;

host::DeviceRecord node(std::string path, std::string parent, std::string name, std::string device_class,
                        bool present = true) {
    host::DeviceRecord record;
    record.node.instance_path = std::move(path);
    record.node.present = present;
    record.node.properties = {{key::kParent, std::move(parent)},
                              {key::kFriendlyName, std::move(name)},
                              {key::kClass, std::move(device_class)}};
    return record;
}

TEST(DeviceTree, ListsWhatHangsOnAControllerAtAnyDepth) {
    const std::vector<host::DeviceRecord> nodes{
        node("USB\\ROOT_HUB30\\1", "PCI\\VEN_8086\\A", "Root Hub", "USB"),
        node("USB\\VID_046D&PID_1\\1", "usb\\root_hub30\\1", "Composite", "USB"),
        node("HID\\VID_046D&PID_1\\2", "USB\\VID_046D&PID_1\\1", "Keyboard", "Keyboard"),
        node("USB\\VID_17E9&PID_6006\\3", "USB\\ROOT_HUB30\\1", "DisplayLink", "USB"),
        node("USB\\VID_090C&PID_1000\\4", "USB\\ROOT_HUB30\\1", "A flash stick", "USB"),
        node("USB\\VID_090C&PID_0768\\5", "USB\\ROOT_HUB30\\1", "SM768", "USB"),
        node("USB\\VID_0000\\6", "USB\\ROOT_HUB30\\1", "Unplugged", "USB", false),
        node("USB\\VID_9999\\7", "PCI\\VEN_8086\\B", "Elsewhere", "USB")};
    const std::vector<host::HostDevices::Disk> disks;
    const auto children = DeviceTree(nodes, disks).below("PCI\\VEN_8086\\a");
    ASSERT_EQ(children.size(), 6u);
    EXPECT_EQ(children[0].kind, ChildKind::hub);
    EXPECT_EQ(children[0].depth, 1u);
    const auto& keyboard = children.back();
    EXPECT_EQ(keyboard.kind, ChildKind::keyboard);
    EXPECT_EQ(keyboard.depth, 3u);
    std::vector<std::string> displays;
    for (const auto& child : children)
        if (child.usb_display) displays.push_back(child.name);
    EXPECT_EQ(displays, (std::vector<std::string>{"DisplayLink", "SM768"})) << "not every device of Silicon Motion";
}

TEST(DeviceTree, LeavesOtherFunctionsOut) {
    const std::vector<host::DeviceRecord> nodes{
        node("PCI\\VEN_1\\B", "PCI\\VEN_1\\A", "Function behind a bridge", "Net"),
        node("ROOT\\X", "PCI\\VEN_1\\B", "Its child", "Net")};
    const std::vector<host::HostDevices::Disk> disks;
    EXPECT_TRUE(DeviceTree(nodes, disks).below("PCI\\VEN_1\\A").empty());
    EXPECT_EQ(DeviceTree(nodes, disks).parent("pci\\ven_1\\b"), "PCI\\VEN_1\\A");
}

TEST(DeviceTree, JoinsDisksWithTheirNodes) {
    const std::vector<host::DeviceRecord> nodes{
        node("SCSI\\DISK&VEN_NVME\\1", "PCI\\VEN_144D\\A", "Samsung SSD 990 PRO", "DiskDrive")};
    std::vector<host::HostDevices::Disk> disks(2);
    disks[0] = {.number = 0, .name = "Samsung SSD 990 PRO", .parent_instance_path = "pci\\ven_144d\\a", .system = true};
    disks[1] = {.number = 1, .name = "Another", .parent_instance_path = "PCI\\VEN_144D\\A", .online = false};
    const auto children = DeviceTree(nodes, disks).below("PCI\\VEN_144D\\A");
    ASSERT_EQ(children.size(), 2u);
    EXPECT_EQ(children[0].disk_number, 0u);
    EXPECT_EQ(children[0].instance_path, "SCSI\\DISK&VEN_NVME\\1") << "one disk, not two";
    EXPECT_TRUE(children[0].system);
    EXPECT_EQ(children[1].disk_number, 1u);
    EXPECT_FALSE(children[1].online);
    EXPECT_TRUE(DeviceTree(nodes, disks).below("PCI\\VEN_1\\B").empty());
}

TEST(DeviceTree, EndsWhereAHostDescribesACircle) {
    std::vector<host::DeviceRecord> nodes{node("USB\\A", "USB\\B", "a", "USB"), node("USB\\B", "USB\\A", "b", "USB"),
                                          node("USB\\SELF", "USB\\SELF", "self", "USB")};
    for (int i = 0; i < 100; ++i)
        nodes.push_back(node("USB\\DEEP" + std::to_string(i + 1), i == 0 ? "PCI\\X" : "USB\\DEEP" + std::to_string(i),
                             "deep", "USB"));
    const std::vector<host::HostDevices::Disk> disks;
    const DeviceTree tree(nodes, disks);
    EXPECT_EQ(tree.below("USB\\A").size(), 1u);
    EXPECT_TRUE(tree.below("USB\\SELF").empty());
    EXPECT_EQ(tree.below("PCI\\X").size(), 32u) << "bounded depth";
}

} // namespace
} // namespace exhyperv::assign

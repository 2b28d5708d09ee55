#include "fake_config_manager.h"
#include "transport/wmi_com/ports/config_devices.h"

#include <gtest/gtest.h>

namespace exhyperv::wmi_com {
namespace {

const host::PropertyKey kName{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 14};
const host::PropertyKey kParent{"4340A6C5-93FA-4706-972C-7B648008A5A7", 8};
const host::PropertyKey kAcs{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 31};

CallContext soon() {
    return CallContext::within(std::chrono::seconds(10));
}

class ConfigDevicesTest : public ::testing::Test {
  protected:
    FakeConfigManager* manager = nullptr;
    FakeDiskAccess* access = nullptr;
    FakeRegistry* registry = nullptr;

    ConfigDevices make() {
        auto m = std::make_unique<FakeConfigManager>();
        auto a = std::make_unique<FakeDiskAccess>();
        auto r = std::make_unique<FakeRegistry>();
        manager = m.get();
        access = a.get();
        registry = r.get();
        registry->keys = {
            {"SYSTEM\\Setup", true, {host::RegistryValue::text("SystemPartition", "\\Device\\HarddiskVolume1")}, {}},
            {"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management",
             true,
             {host::RegistryValue::multi("ExistingPageFiles", {"\\??\\D:\\pagefile.sys"})},
             {}}};
        access->volumes = {{"\\\\?\\GLOBALROOT\\Device\\HarddiskVolume1", {0}}, {"\\\\.\\C:", {0}}, {"\\\\.\\D:", {1}}};
        return {std::move(m), std::move(a), std::move(r)};
    }

    void add_disk(const std::string& instance, const std::string& name, std::uint32_t number, bool online = true) {
        const auto path = "\\\\?\\disk#" + std::to_string(number);
        manager->nodes.push_back(
            {.path = instance, .properties = {text_property(kName, name), text_property(kParent, "PCI\\VEN_144D\\7")}});
        manager->disks.push_back({path, instance});
        access->states[path] = {number, online};
    }
};

TEST_F(ConfigDevicesTest, lists_present_nodes_and_phantoms_with_the_properties_they_have) {
    auto devices = make();
    manager->nodes = {{.path = "PCI\\VEN_10DE&DEV_2786\\4&1",
                       .problem = 22,
                       .properties = {text_property(kName, "RTX 4070"), {kAcs, 7, bytes_of(3, 4)}}},
                      {.path = "PCIP\\VEN_10DE&DEV_2786\\4&1", .present = false},
                      {.path = "USB\\ROOT\\1"}};
    const auto list =
        devices.list({.instance_prefixes = {"pci\\", "PCIP\\"}, .properties = {kName, kAcs, kParent}}, soon());
    ASSERT_TRUE(list) << describe(list.error());
    ASSERT_EQ(list->size(), 2u);
    EXPECT_TRUE(list->at(0).node.present);
    EXPECT_EQ(list->at(0).node.problem, 22u);
    EXPECT_EQ(std::get<std::string>(*list->at(0).node.property(kName)), "RTX 4070");
    EXPECT_EQ(std::get<std::uint64_t>(*list->at(0).node.property(kAcs)), 3u);
    EXPECT_EQ(list->at(0).node.property(kParent), nullptr);
    EXPECT_FALSE(list->at(1).node.present);
    EXPECT_EQ(list->at(1).node.problem, 45u);
}

TEST_F(ConfigDevicesTest, leaves_phantoms_out_when_they_are_not_asked_for) {
    auto devices = make();
    manager->nodes = {{.path = "PCI\\A\\1"}, {.path = "PCI\\B\\1", .present = false}};
    const auto list = devices.list({.phantoms = false}, soon());
    ASSERT_TRUE(list);
    ASSERT_EQ(list->size(), 1u);
    EXPECT_EQ(list->front().node.instance_path, "PCI\\A\\1");
}

TEST_F(ConfigDevicesTest, asks_again_when_devices_arrive_while_the_list_is_read) {
    auto devices = make();
    manager->nodes = {{.path = "PCI\\A\\1"}};
    manager->arrivals = 40; // more than the room that is left for late comers
    const auto list = devices.list({}, soon());
    ASSERT_TRUE(list) << describe(list.error());
    EXPECT_EQ(list->size(), 41u);
}

TEST_F(ConfigDevicesTest, reads_long_properties_with_a_larger_buffer) {
    auto devices = make();
    const std::string name(5000, 'n');
    manager->nodes = {{.path = "PCI\\A\\1", .properties = {text_property(kName, name)}}};
    const auto list = devices.list({.properties = {kName}}, soon());
    ASSERT_TRUE(list);
    EXPECT_EQ(std::get<std::string>(*list->front().node.property(kName)), name);
}

TEST_F(ConfigDevicesTest, reads_memory_and_interrupts_and_gives_every_handle_back) {
    auto devices = make();
    manager->nodes = {{.path = "PCI\\A\\1",
                       .resources = {memory_range(0xA0000000, 0xA0FFFFFF),
                                     {2, bytes_of(0, 16)},
                                     interrupt_line(-2),
                                     memory_range(0x4000000000, 0x43FFFFFFFF)}}};
    const auto list = devices.list({.resources = true}, soon());
    ASSERT_TRUE(list) << describe(list.error());
    const auto& resources = list->front().resources;
    EXPECT_EQ(resources.interrupts, (std::vector<std::int64_t>{-2}));
    ASSERT_EQ(resources.memory.size(), 2u);
    EXPECT_EQ(resources.memory[1].first, 0x4000000000u);
    EXPECT_EQ(resources.memory[1].second, 0x43FFFFFFFFu);
    EXPECT_EQ(manager->open_handles, 0);
}

TEST_F(ConfigDevicesTest, does_not_ask_disabled_devices_for_resources) {
    auto devices = make();
    manager->nodes = {{.path = "PCI\\A\\1", .problem = 22, .resources = {memory_range(1, 2)}}};
    const auto list = devices.list({.resources = true}, soon());
    ASSERT_TRUE(list);
    EXPECT_TRUE(list->front().resources.memory.empty());
}

TEST_F(ConfigDevicesTest, fails_when_resources_of_a_pci_function_cannot_be_read_but_not_for_others) {
    auto devices = make();
    manager->nodes = {{.path = "SWD\\ODD\\1", .log_conf_code = cr::call_not_implemented}};
    EXPECT_TRUE(devices.list({.resources = true}, soon()));
    manager->nodes.push_back({.path = "PCI\\A\\1", .log_conf_code = cr::call_not_implemented});
    const auto list = devices.list({.resources = true}, soon());
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().code, "device.configuration_failed");
    EXPECT_EQ(list.error().native.value, 0x34);
}

TEST_F(ConfigDevicesTest, disables_and_enables) {
    auto devices = make();
    manager->nodes = {{.path = "PCI\\A\\1"}};
    ASSERT_TRUE(devices.disable("pci\\a\\1", soon()));
    EXPECT_EQ(manager->nodes[0].problem, 22u);
    ASSERT_TRUE(devices.enable("PCI\\A\\1", soon()));
    EXPECT_EQ(manager->nodes[0].problem, 0u);
}

TEST_F(ConfigDevicesTest, says_why_a_device_cannot_be_disabled) {
    auto devices = make();
    const std::pair<std::uint32_t, const char*> answers[] = {{cr::not_disableable, "device.not_disableable"},
                                                             {cr::access_denied, "device.access_denied"},
                                                             {cr::remove_vetoed, "device.removal_vetoed"},
                                                             {0x13, "device.configuration_failed"}};
    for (const auto& [code, expected] : answers) {
        manager->nodes = {{.path = "PCI\\A\\1", .disable_code = code}};
        const auto done = devices.disable("PCI\\A\\1", soon());
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, expected);
        EXPECT_EQ(done.error().native.value, code);
        EXPECT_EQ(*done.error().arg("device"), "PCI\\A\\1");
    }
}

TEST_F(ConfigDevicesTest, does_not_find_phantoms_to_enable) {
    auto devices = make();
    manager->nodes = {{.path = "PCI\\A\\1", .present = false}};
    for (const auto* path : {"PCI\\A\\1", "PCI\\NONE\\1"}) {
        const auto done = devices.enable(path, soon());
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, "device.not_found");
    }
}

TEST_F(ConfigDevicesTest, lists_disks_with_their_controller_and_what_windows_needs_them_for) {
    auto devices = make();
    add_disk("SCSI\\DISK\\1&A", "Samsung SSD 990", 1);
    add_disk("SCSI\\DISK\\0&B", "Samsung SSD 990", 0);
    add_disk("SCSI\\DISK\\2&C", "WD Red", 2, false);
    const auto disks = devices.disks(soon());
    ASSERT_TRUE(disks) << describe(disks.error());
    ASSERT_EQ(disks->size(), 3u);
    EXPECT_EQ(disks->at(0).name, "Samsung SSD 990 (0&B)");
    EXPECT_EQ(disks->at(1).name, "Samsung SSD 990 (1&A)");
    EXPECT_EQ(disks->at(2).name, "WD Red");
    EXPECT_EQ(disks->at(2).parent_instance_path, "PCI\\VEN_144D\\7");
    EXPECT_TRUE(disks->at(0).system && disks->at(0).boot && !disks->at(0).paging);
    EXPECT_TRUE(!disks->at(1).system && !disks->at(1).boot && disks->at(1).paging);
    EXPECT_FALSE(disks->at(2).online);
}

TEST_F(ConfigDevicesTest, refuses_to_take_a_disk_offline_that_windows_needs) {
    auto devices = make();
    add_disk("SCSI\\DISK\\0&B", "Samsung SSD 990", 0);
    add_disk("SCSI\\DISK\\2&C", "WD Red", 2);
    const auto refused = devices.set_disk_online(0, false, soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "device.not_disableable");
    EXPECT_TRUE(access->set.empty());
    ASSERT_TRUE(devices.set_disk_online(2, false, soon()));
    EXPECT_EQ(access->set, (std::vector<std::pair<std::uint32_t, bool>>{{2, false}}));
    EXPECT_EQ(devices.set_disk_online(7, false, soon()).error().code, "device.not_found");
}

TEST_F(ConfigDevicesTest, tells_denied_access_to_a_disk_as_such) {
    auto devices = make();
    add_disk("SCSI\\DISK\\2&C", "WD Red", 2);
    access->refuse_online = Error{"file.access_denied", {{"path", "x"}}, {}, {}, {}};
    EXPECT_EQ(devices.set_disk_online(2, false, soon()).error().code, "device.access_denied");
}

TEST_F(ConfigDevicesTest, stops_when_cancelled) {
    auto devices = make();
    manager->nodes = {{.path = "PCI\\A\\1"}};
    auto context = soon();
    context.cancel.cancel();
    EXPECT_EQ(devices.list({}, context).error().code, "call.cancelled");
    EXPECT_EQ(devices.disable("PCI\\A\\1", context).error().code, "call.cancelled");
    EXPECT_EQ(manager->nodes[0].problem, 0u);
}

} // namespace
} // namespace exhyperv::wmi_com

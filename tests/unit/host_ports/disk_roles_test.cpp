#include "fake_config_manager.h"
#include "transport/wmi_com/ports/disk_roles.h"

#include <gtest/gtest.h>

namespace exhyperv::wmi_com {
namespace {

CallContext soon() {
    return CallContext::within(std::chrono::seconds(10));
}

TEST(DiskRolesTest, names_the_volume_of_a_page_file) {
    EXPECT_EQ(volume_of_page_file("\\??\\C:\\pagefile.sys"), "\\\\.\\C:");
    EXPECT_EQ(volume_of_page_file("d:\\pagefile.sys"), "\\\\.\\d:");
    EXPECT_EQ(volume_of_page_file("\\??\\Volume{1}\\pagefile.sys"), std::nullopt);
    EXPECT_EQ(volume_of_page_file(""), std::nullopt);
}

TEST(DiskRolesTest, does_not_guess_which_disk_the_system_starts_from) {
    FakeDiskAccess access;
    FakeRegistry registry;
    std::vector<host::HostDevices::Disk> disks(1);
    EXPECT_EQ(add_roles(disks, access, registry, soon()).error().code, "host.system_disk_unknown");
    EXPECT_FALSE(disks[0].system);
}

TEST(DiskRolesTest, fails_when_a_volume_does_not_say_where_it_lies) {
    FakeDiskAccess access;
    FakeRegistry registry;
    registry.keys = {{"SYSTEM\\Setup", true, {host::RegistryValue::text("SystemPartition", "\\Device\\V1")}, {}}};
    std::vector<host::HostDevices::Disk> disks(1);
    EXPECT_EQ(add_roles(disks, access, registry, soon()).error().code, "file.not_found");
}

TEST(DiskRolesTest, marks_every_disk_a_spanned_windows_volume_lies_on) {
    FakeDiskAccess access;
    access.volumes = {{"\\\\?\\GLOBALROOT\\Device\\V1", {2}}, {"\\\\.\\C:", {0, 2}}};
    FakeRegistry registry;
    registry.keys = {{"SYSTEM\\Setup", true, {host::RegistryValue::text("SystemPartition", "\\Device\\V1")}, {}}};
    std::vector<host::HostDevices::Disk> disks(3);
    for (std::uint32_t i = 0; i < 3; ++i)
        disks[i].number = i;
    ASSERT_TRUE(add_roles(disks, access, registry, soon()));
    EXPECT_TRUE(disks[0].boot && !disks[0].system);
    EXPECT_TRUE(!disks[1].boot && !disks[1].system && !disks[1].paging);
    EXPECT_TRUE(disks[2].boot && disks[2].system);
}

} // namespace
} // namespace exhyperv::wmi_com

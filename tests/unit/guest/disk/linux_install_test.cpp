#include "../ext4/ext4_disk.h"

#include "guest/disk/disk_survey.h"
#include "guest/disk/linux_install.h"
#include "guest/partition_table.h"

namespace exhyperv::guest {
namespace {

using namespace testing;
using Dxgkrnl = LinuxKernel::Dxgkrnl;

void put(GuestVolume& volume, const std::string& path, const std::string& text) {
    if (const auto cut = path.rfind('/'); cut != std::string::npos) {
        ASSERT_TRUE(volume.make_directories(path.substr(0, cut)));
    }
    const auto given = std::as_bytes(std::span(text));
    std::vector<std::byte> bytes(given.begin(), given.end());
    ASSERT_TRUE(volume.write_new(path, {.size = text.size()}, source_of(std::move(bytes)))) << path;
}

/// A kernel's lists of modules.
void put_kernel(GuestVolume& volume, const std::string& modules, const std::string& dep,
                const std::string& built_in = {}) {
    put(volume, modules + "/modules.dep", dep);
    put(volume, modules + "/modules.builtin", built_in);
}

LinuxInstall read(Ext4Disk& disk) {
    auto out = read_linux_install(disk.volume());
    EXPECT_TRUE(out) << describe(out.error());
    return out ? *out : LinuxInstall{};
}

TEST(LinuxInstall, KernelsAreToldByTheirListsOfModules) {
    Ext4Disk disk;
    auto& volume = disk.volume();
    const std::string root = "usr/lib/modules/";
    put_kernel(volume, root + "6.10.1-a", "kernel/drivers/hv/dxgkrnl/dxgkrnl.ko: kernel/drivers/hv/hv_vmbus.ko\n");
    put_kernel(volume, root + "6.9.12-b", "a.ko:\nupdates/dkms/dxgkrnl.ko.xz:\n");
    put_kernel(volume, root + "5.15.0-c", "a.ko:\n", "kernel/drivers/hv/dxgkrnl/dxgkrnl.ko\n");
    put_kernel(volume, root + "6.8.0-d", "kernel/other.ko: kernel/drivers/hv/dxgkrnl/dxgkrnl.ko\n");
    put_kernel(volume, root + "6.8.1-e", "kernel/drivers/hv/notdxgkrnl.ko:\n");
    put(volume, "boot/config-6.8.1-e", "CONFIG_HYPERV=y\nCONFIG_DXGKRNL=m\n"); // configured, but not installed
    put_kernel(volume, root + "6.7.0-f", "a.ko:\n");
    put(volume, "boot/config-6.7.0-f", "CONFIG_DXGKRNL=y\n");
    ASSERT_TRUE(volume.make_directories(root + "4.19.0-removed"));
    const auto system = read(disk);
    std::vector<std::pair<std::string, Dxgkrnl>> found;
    for (const auto& kernel : system.kernels)
        found.emplace_back(kernel.release, kernel.dxgkrnl);
    const std::vector<std::pair<std::string, Dxgkrnl>> expected{
        {"5.15.0-c", Dxgkrnl::built_in}, {"6.7.0-f", Dxgkrnl::built_in}, {"6.8.0-d", Dxgkrnl::missing},
        {"6.8.1-e", Dxgkrnl::missing},   {"6.9.12-b", Dxgkrnl::module},  {"6.10.1-a", Dxgkrnl::module}};
    EXPECT_EQ(found, expected) << "newest last";
}

TEST(LinuxInstall, OlderLayoutsHaveThemInTheRootsOwnLib) {
    Ext4Disk disk;
    put(disk.volume(), "etc/os-release", "NAME=Devuan\nID='devuan'\nVERSION_ID=\"5\"\n");
    put_kernel(disk.volume(), "lib/modules/6.1.0-1-amd64", "kernel/a.ko:\n");
    put(disk.volume(), "lib64/ld-linux-x86-64.so.2", "");
    const auto system = read(disk);
    EXPECT_EQ(system.name, "Devuan");
    EXPECT_EQ(system.id, "devuan");
    EXPECT_EQ(system.version_id, "5");
    EXPECT_EQ(system.architecture, Architecture::x64);
    ASSERT_EQ(system.kernels.size(), 1u);
    EXPECT_FALSE(system.loader_knows);
    EXPECT_TRUE(system.dxgkrnl_source.empty());
}

TEST(LinuxInstall, LoaderDkmsAndSelinuxAreSeen) {
    Ext4Disk disk;
    put(disk.volume(), "usr/lib/os-release", "PRETTY_NAME=\"Fedora Linux 40\"\n");
    put(disk.volume(), "etc/ld.so.cache", std::string("glibc-ld.so.cache1.1\0/usr/lib/wsl/lib/libcuda.so.1\0", 52));
    put(disk.volume(), "usr/src/dxgkrnl-6.6/dkms.conf", "");
    put(disk.volume(), "etc/selinux/config", "# SELINUX=disabled\nSELINUX=enforcing\n");
    put(disk.volume(), "usr/lib/ld-linux-aarch64.so.1", "");
    const auto system = read(disk);
    EXPECT_TRUE(system.loader_knows);
    EXPECT_EQ(system.dxgkrnl_source, "6.6");
    EXPECT_TRUE(system.selinux);
    EXPECT_EQ(system.architecture, Architecture::arm64);
}

TEST(LinuxInstall, WhatIsNotTextOrNoPlainFileIsNoAnswer) {
    Ext4Disk disk;
    put(disk.volume(), "usr/lib/os-release", "PRETTY_NAME=\"\xFF\xFE\"\nID=" + std::string(5000, 'x') + "\n");
    ASSERT_TRUE(disk.volume().make_directories("usr/lib/modules/6.1.0/modules.dep"));
    ASSERT_TRUE(disk.volume().make_symlink("etc", "/somewhere/else", true));
    const auto system = read(disk);
    EXPECT_EQ(system.name, "Linux");
    EXPECT_TRUE(system.kernels.empty());
    Ext4Disk none;
    EXPECT_FALSE(has_linux(none.volume()).value());
}

/// A disk with these Linux roots on partitions of their own.
class LinuxDisks : public ::testing::Test {
  protected:
    void make(int roots, bool boot) {
        const auto size = 64ull << 20;
        disk_ = std::make_unique<PlainDisk>(scratch_.file("disk" + std::to_string(++made_)), 512ull << 20);
        std::vector<NewPartition> partitions;
        const auto add = [&](const std::string& name) {
            partitions.push_back({partition_type::linux_filesystem(), Guid::from_name(name), name,
                                  (1ull << 20) + partitions.size() * size, size});
            return partitions.back().offset;
        };
        for (int i = 0; i < roots; ++i) {
            const auto offset = add("root" + std::to_string(i));
            ASSERT_TRUE(format_ext4(*disk_, offset, size, {}));
            HeldBackDisk held(*disk_);
            auto volume = open_ext4(held, offset, size);
            put(**volume, "etc/os-release", "NAME=One" + std::to_string(i) + "\n");
            ASSERT_TRUE((*volume)->commit());
        }
        if (boot) { // XFS, and behind it the encrypted root
            ASSERT_TRUE(disk_->write(add("boot"), bytes("XFSB")));
            ASSERT_TRUE(disk_->write(add("luks"), bytes("LUKS\xba\xbe")));
        }
        ASSERT_TRUE(write_gpt(*disk_, Guid::from_name("disk"), partitions));
    }
    static std::vector<std::byte> bytes(const std::string& text) {
        std::vector<std::byte> out(text.size());
        std::memcpy(out.data(), text.data(), text.size());
        return out;
    }
    std::string choose(std::uint32_t partition) {
        const auto survey = survey_disk(*disk_, "disk");
        EXPECT_TRUE(survey) << describe(survey.error());
        const auto chosen = choose_system(*survey, "disk", partition);
        return chosen ? chosen->finding.linux_system->name : chosen.error().code;
    }
    ScratchDirectory scratch_;
    std::unique_ptr<PlainDisk> disk_;
    int made_ = 0;
};

TEST_F(LinuxDisks, TheOneRootIsChosenAndOfSeveralTheNamedOne) {
    make(2, false);
    EXPECT_EQ(choose(0), "guest.ambiguous_linux");
    EXPECT_EQ(choose(2), "One1");
    make(1, true);
    EXPECT_EQ(choose(0), "One0");
}

TEST_F(LinuxDisks, AnEncryptedRootIsTheReasonRatherThanTheBootVolumeBesideIt) {
    make(0, true);
    EXPECT_EQ(choose(0), "guest.linux_encrypted");
    EXPECT_EQ(choose(1), "guest.linux_file_system");
}

} // namespace
} // namespace exhyperv::guest

#include "judged_linux.h"

#include "assign/image_drivers.h"
#include "drivers/guest_layout.h"
#include "drivers/linux_guest.h"
#include "transport/sim/material/driver_store.h"
#include "transport/sim/material/guest_image.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cstring>

namespace exhyperv::assign {
namespace {

using drivers::test::JudgedLinux;
using sim::GuestCondition;
using testing::HasSubstr;
using testing::Not;

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

/// The image of a Linux guest and a copy of a driver store with the host's libraries, all synthetic; no host.
class LinuxGuest : public testing::Test {
  protected:
    void make(const std::function<void(sim::GuestSpec&)>& change = {}, const sim::PackageSpec& package = {}) {
        sim::GuestSpec guest;
        guest.content = sim::GuestContent::linux_root;
        guest.size_gib = 1;
        guest.files = 40;
        if (change) change(guest);
        ASSERT_TRUE(sim::make_guest_image(request.image, guest));
        ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", package));
        ASSERT_TRUE(sim::make_linux_libraries(scratch / "lxss/lib"));
        request.store = {scratch.path(), "PCI\\VEN_10DE&DEV_2786", ""};
        folder = sim::store_packages(package).front().directory;
    }
    std::string refusal(const std::function<void(sim::GuestSpec&)>& change) {
        make(change);
        const auto planned = plan_image_import(request, soon());
        return planned ? "" : planned.error().code;
    }
    static bool warned(const ImageImport& import, std::string_view key) {
        return std::ranges::any_of(import.plan.warnings, [&](const auto& message) { return message.key == key; });
    }

    sim::Scratch scratch;
    ImageImportRequest request{scratch / "golden.vhdx", 0, {}, false};
    std::string folder;
};

} // namespace

TEST_F(LinuxGuest, HasItsDriverWhereWslHasItAndLosesItWithoutATrace) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("debugfs");
    make();
    const auto look = [&] {
        const JudgedLinux guest(scratch, request.image);
        EXPECT_EQ(guest.check(), "");
        return guest.tree();
    };
    const auto before = look();
    const auto planned = plan_image_import(request, soon());
    ASSERT_TRUE(planned) << describe(planned.error());
    EXPECT_EQ(planned->linux_system->name, "Ubuntu 24.04.1 LTS");
    EXPECT_TRUE(warned(*planned, "check.guest.kernel.some")) << "one kernel has no dxgkrnl";
    EXPECT_TRUE(warned(*planned, "check.guest.loader.ldconfig.remedy"));
    EXPECT_FALSE(warned(*planned, "drivers.warn.linux_libraries_missing"));
    EXPECT_EQ(look(), before) << "a plan writes nothing";

    const auto done = run_image_import(request, {}, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_GT(done->report.files_written, 50u);
    EXPECT_EQ(done->read_back.files, done->report.files_written + 1) << "and the loader's configuration";
    EXPECT_GT(done->read_back.links, 10u);
    {
        const JudgedLinux guest(scratch, request.image);
        EXPECT_EQ(guest.check(), "");
        const auto tree = guest.tree();
        const auto difference = sim::run("diff -r '" + (scratch / "FileRepository/" + folder) + "' '" +
                                         guest.taken_out("/usr/lib/wsl/drivers/" + folder) + "'");
        EXPECT_EQ(difference.status, 0) << difference.text.substr(0, 1000);
        EXPECT_EQ(sim::run("diff '" + (scratch / "lxss/lib/libdxcore.so") + "' '" +
                           guest.taken_out("/usr/lib/wsl/lib/libdxcore.so") + "'")
                      .status,
                  0);
        EXPECT_EQ(tree.at("/usr/lib/wsl/lib/libcuda.so.1"), "link ../drivers/" + folder + "/libcuda_loader.so");
        EXPECT_EQ(tree.at("/usr/lib/wsl/lib/nvidia-smi"), "link ../drivers/" + folder + "/nvidia-smi");
        EXPECT_THAT(tree.at("/usr/lib/wsl/lib/libdxcore.so"), HasSubstr("file 555 "));
        EXPECT_THAT(tree.at("/usr/lib/wsl/drivers/" + folder + "/nvidia-smi"), HasSubstr("file 555 "));
        EXPECT_EQ(tree.at("/usr/lib/wsl/drivers"), "directory 555");
        EXPECT_THAT(tree.at("/etc/ld.so.conf.d/exhyperv-gpu.conf"), HasSubstr("file 644 "));
        EXPECT_THAT(sim::read_all(guest.taken_out("/etc/ld.so.conf.d/exhyperv-gpu.conf")),
                    HasSubstr("\n/usr/lib/wsl/lib\n"));
        EXPECT_THAT(guest.debugfs("stat /usr/lib/wsl/lib/libdxcore.so"), HasSubstr("User:     0   Group:     0"));
        for (const auto& [path, entry] : before) // nothing else was touched
            EXPECT_EQ(tree.at(path), entry) << path;
    }
    EXPECT_TRUE(plan_image_import(request, soon())->plan.nothing_to_do());
    EXPECT_FALSE(run_image_import(request, {}, soon())->report.changed());

    const auto gone = run_image_purge({request.image, 0, ""}, {}, soon());
    ASSERT_TRUE(gone) << describe(gone.error());
    EXPECT_TRUE(gone->report.warnings.empty()) << gone->report.warnings.front().key;
    EXPECT_EQ(look(), before);
    EXPECT_TRUE(plan_image_purge({request.image, 0, ""}, soon())->plan.nothing_to_do());
}

TEST_F(LinuxGuest, AnUpdateReplacesTheOldPackageAndItsNames) {
    NEED_PROGRAM("debugfs");
    make();
    ASSERT_TRUE(run_image_import(request, {}, soon()));
    sim::PackageSpec newer;
    newer.version = "32.0.15.9999";
    newer.seed = 9;
    ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", newer));
    const auto updated = sim::store_packages(newer).front().directory;
    const auto done = run_image_import(request, {}, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(done->import.plan.retired_packages, std::vector{folder});
    const JudgedLinux guest(scratch, request.image);
    EXPECT_EQ(guest.check(), "");
    const auto tree = guest.tree();
    EXPECT_FALSE(tree.contains("/usr/lib/wsl/drivers/" + folder));
    EXPECT_EQ(tree.at("/usr/lib/wsl/lib/libcuda.so"), "link ../drivers/" + updated + "/libcuda_loader.so");
}

TEST_F(LinuxGuest, FilesOfTheUsersOwnComeBackOnPurge) {
    NEED_PROGRAM("debugfs");
    make();
    {
        auto disk = guest::GuestDisk::open(request.image, {}).value();
        const auto put = [&](const std::string& path, const std::string& text) {
            ASSERT_TRUE(disk->volume().make_directories(path.substr(0, path.rfind('/'))));
            ASSERT_TRUE(disk->volume().write_new(path, {text.size()},
                                                 [text, at = std::size_t{0}](auto out) mutable -> Result<std::size_t> {
                                                     const auto part = std::min(out.size(), text.size() - at);
                                                     std::memcpy(out.data(), text.data() + at, part);
                                                     at += part;
                                                     return part;
                                                 }));
        };
        put("usr/lib/wsl/lib/libcuda.so.1", "the user's own");
        put("usr/lib/wsl/lib/libdxcore.so", "the user's own, too");
        put("usr/lib/wsl/lib/another.so", "left alone");
        ASSERT_TRUE(disk->commit());
    }
    const auto before = JudgedLinux(scratch, request.image).tree();
    ASSERT_TRUE(run_image_import(request, {}, soon()));
    EXPECT_EQ(JudgedLinux(scratch, request.image).tree().at("/usr/lib/wsl/lib/libcuda.so.1.exhyperv-backup"),
              before.at("/usr/lib/wsl/lib/libcuda.so.1"));
    ASSERT_TRUE(run_image_purge({request.image, 0, ""}, {}, soon()));
    const JudgedLinux guest(scratch, request.image);
    EXPECT_EQ(guest.check(), "");
    EXPECT_EQ(guest.tree(), before);
}

TEST_F(LinuxGuest, WithoutTheHostsLibrariesAndWithoutDxgkrnlItSaysWhatIsMissing) {
    make([](auto& guest) { guest.dxgkrnl = sim::KernelsWithDxgkrnl::none; });
    std::filesystem::remove_all(scratch / "lxss");
    const auto planned = plan_image_import(request, soon());
    ASSERT_TRUE(planned) << describe(planned.error());
    EXPECT_TRUE(warned(*planned, "drivers.warn.linux_libraries_missing"));
    EXPECT_TRUE(warned(*planned, "check.guest.kernel.missing.remedy"));
}

TEST_F(LinuxGuest, WhoseVolumeMustNotBeWrittenIsRefusedByName) {
    EXPECT_EQ(refusal([](auto& guest) { guest.conditions = {GuestCondition::unclean_journal}; }),
              "guest.linux_journal");
}
TEST_F(LinuxGuest, WithErrorsIsRefused) {
    EXPECT_EQ(refusal([](auto& guest) { guest.conditions = {GuestCondition::volume_errors}; }), "guest.linux_errors");
}
TEST_F(LinuxGuest, EncryptedIsRefused) {
    EXPECT_EQ(refusal([](auto& guest) { guest.conditions = {GuestCondition::luks}; }), "guest.linux_encrypted");
}
TEST_F(LinuxGuest, InsideLvmIsRefused) {
    EXPECT_EQ(refusal([](auto& guest) { guest.conditions = {GuestCondition::lvm}; }), "guest.linux_lvm");
}

TEST_F(LinuxGuest, ForAnotherArchitectureIsRefused) {
    EXPECT_EQ(refusal([](auto& guest) { guest.architecture = guest::Architecture::arm64; }),
              "drivers.guest_architecture");
}

TEST_F(LinuxGuest, AManifestOfAWindowsGuestIsNotBelieved) {
    make();
    ASSERT_TRUE(run_image_import(request, {}, soon()));
    auto disk = guest::GuestDisk::open(request.image, {}).value();
    auto manifest = drivers::read_manifest(disk->volume()).value().value();
    EXPECT_EQ(manifest.volume, guest::VolumeKind::ext4);
    EXPECT_TRUE(drivers::manifest_from_json(drivers::to_json_text(manifest)));
    manifest.volume = guest::VolumeKind::ntfs;
    EXPECT_FALSE(drivers::manifest_from_json(drivers::to_json_text(manifest))) << "links outside Windows";
    manifest.volume = guest::VolumeKind::ext4;
    manifest.configs.push_back({"etc\\passwd", "x"});
    EXPECT_FALSE(drivers::manifest_from_json(drivers::to_json_text(manifest)));
    manifest.configs.pop_back();
    manifest.links[0].path = "usr\\bin\\sh";
    EXPECT_FALSE(drivers::manifest_from_json(drivers::to_json_text(manifest)));
}

} // namespace exhyperv::assign

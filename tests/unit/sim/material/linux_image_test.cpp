#include "guest/guest_disk.h"
#include "guest/image.h"
#include "guest/partition_table.h"
#include "scratch.h"
#include "transport/sim/material/guest_image.h"

#include <gmock/gmock.h>

namespace exhyperv::sim {
namespace {

using testing::HasSubstr;

GuestSpec linux_spec() {
    GuestSpec spec;
    spec.content = GuestContent::linux_root;
    spec.size_gib = 1;
    spec.files = 40;
    return spec;
}

std::string make(const Scratch& scratch, const GuestSpec& spec, const std::string& name = "disk.vhdx") {
    std::string path = scratch / name;
    auto made = make_guest_image(path, spec);
    EXPECT_TRUE(made) << describe(made.error());
    return path;
}

TEST(LinuxImage, HoldsARootThatSaysWhatTheSpecAskedFor) {
    NEED_PROGRAM("e2fsck");
    Scratch scratch;
    GuestSpec spec = linux_spec();
    spec.format = guest::ImageFormat::raw;
    std::string path = make(scratch, spec, "disk.raw");
    auto image = guest::open_image(path, {});
    auto table = guest::read_partition_table(**image);
    ASSERT_TRUE(table);
    ASSERT_EQ(table->partitions.size(), 2u);
    EXPECT_EQ(table->partitions[1].gpt_type, guest::partition_type::linux_filesystem());
    image->reset();
    const auto root = scratch / "root.raw";
    ASSERT_EQ(run("dd if='" + path + "' of='" + root +
                  "' bs=1M conv=sparse skip=" + std::to_string(table->partitions[1].offset >> 20) +
                  " count=" + std::to_string(table->partitions[1].size >> 20))
                  .status,
              0);
    const auto check = run("e2fsck -fn '" + root + "'");
    EXPECT_EQ(check.status, 0) << check.text;
    EXPECT_THAT(run("debugfs -R 'cat /usr/lib/os-release' '" + root + "'").text, HasSubstr("PRETTY_NAME=\"Ubuntu"));
    auto found = guest::inspect_disk(path);
    ASSERT_TRUE(found) << describe(found.error());
    const auto& system = found->partitions[1].linux_system;
    ASSERT_TRUE(system);
    EXPECT_EQ(system->name, "Ubuntu 24.04.1 LTS");
    EXPECT_EQ(system->architecture, guest::Architecture::x64);
    ASSERT_EQ(system->kernels.size(), 2u);
    EXPECT_EQ(system->kernels[0].release, "6.6.36.3-dxgkrnl");
    EXPECT_EQ(system->kernels[0].dxgkrnl, guest::LinuxKernel::Dxgkrnl::module);
    EXPECT_EQ(system->kernels[1].dxgkrnl, guest::LinuxKernel::Dxgkrnl::missing);
    EXPECT_FALSE(system->loader_knows);
}

TEST(LinuxImage, EqualSpecsGiveEqualBytes) {
    Scratch scratch;
    const auto a = make(scratch, linux_spec(), "a.vhdx"), b = make(scratch, linux_spec(), "b.vhdx");
    EXPECT_EQ(run("cmp '" + a + "' '" + b + "'").text, "");
}

TEST(LinuxImage, EachStateIsOpenedOrRefusedByItsOwnReason) {
    struct Verdict {
        std::set<GuestCondition> conditions;
        const char* refusal;
    };
    for (const auto& verdict : {Verdict{{}, ""}, Verdict{{GuestCondition::unclean_journal}, "guest.linux_journal"},
                                Verdict{{GuestCondition::volume_errors}, "guest.linux_errors"},
                                Verdict{{GuestCondition::luks}, "guest.linux_encrypted"},
                                Verdict{{GuestCondition::lvm}, "guest.linux_lvm"}}) {
        Scratch scratch;
        auto spec = linux_spec();
        spec.files = 5;
        spec.conditions = verdict.conditions;
        auto disk = guest::GuestDisk::open(make(scratch, spec), {.writable = false});
        EXPECT_EQ(disk ? "" : disk.error().code, verdict.refusal);
    }
}

TEST(LinuxImage, ConditionsOfWindowsAreRefusedAndTheOtherWayRound) {
    Scratch scratch;
    auto spec = linux_spec();
    spec.conditions = {GuestCondition::hibernated};
    EXPECT_EQ(make_guest_image(scratch / "x.vhdx", spec).error().code, "material.bad_value");
    GuestSpec windows;
    windows.conditions = {GuestCondition::luks};
    EXPECT_EQ(make_guest_image(scratch / "x.vhdx", windows).error().code, "material.bad_value");
}

} // namespace
} // namespace exhyperv::sim

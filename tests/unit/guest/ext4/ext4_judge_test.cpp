#include "ext4_disk.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

std::optional<Error> judged(Ext4Disk& disk) {
    auto out = judge_ext4(disk.disk(), 0, disk.size());
    EXPECT_TRUE(out) << describe(out.error());
    return out ? *out : std::nullopt;
}

TEST(Ext4Judge, FreshVolumesMayBeWritten) {
    Ext4Disk ours, theirs("-L x");
    EXPECT_FALSE(judged(ours));
    EXPECT_FALSE(judged(theirs));
}

TEST(Ext4Judge, AJournalThatWaitsForRecoveryIsRefused) {
    Ext4Disk disk("-L x");
    disk.close();
    ASSERT_EQ(run_tool("debugfs -w -R 'feature needs_recovery' " + disk.path()).status, 0);
    EXPECT_EQ(judged(disk)->code, "guest.linux_journal");
}

TEST(Ext4Judge, AVolumeThatWasNotUnmountedIsRefused) {
    Ext4Disk disk("-O ^has_journal");
    disk.close();
    ASSERT_EQ(run_tool("debugfs -w -R 'ssv state 0' " + disk.path()).status, 0);
    EXPECT_EQ(judged(disk)->code, "guest.linux_journal");
}

TEST(Ext4Judge, FilesThatWaitToBeRemovedAreRefused) {
    Ext4Disk disk("-L x");
    disk.close();
    ASSERT_EQ(run_tool("debugfs -w -R 'ssv last_orphan 12' " + disk.path()).status, 0);
    EXPECT_EQ(judged(disk)->code, "guest.linux_journal");
}

TEST(Ext4Judge, ErrorsThatTheKernelFoundAreRefused) {
    Ext4Disk disk("-L x");
    disk.close();
    ASSERT_EQ(run_tool("debugfs -w -R 'ssv state 3' " + disk.path()).status, 0);
    EXPECT_EQ(judged(disk)->code, "guest.linux_errors");
}

TEST(Ext4Judge, FeaturesThatAreNotSupportedAreNamed) {
    struct Case {
        const char* options;
        const char* named;
    };
    for (const Case each :
         {Case{"-O quota", "quota"}, Case{"-O bigalloc", "bigalloc"}, Case{"-O inline_data", "inline_data"},
          Case{"-O encrypt", "encrypt"}, Case{"-O casefold", "casefold"}, Case{"-O ea_inode", "ea_inode"},
          Case{"-O mmp", "mmp"}, Case{"-I 128", "inode_size=128"}, Case{"-O ^extent,^64bit", "^extent"}}) {
        Ext4Disk disk(each.options);
        const auto refusal = judged(disk);
        ASSERT_TRUE(refusal) << each.options;
        EXPECT_EQ(refusal->code, "guest.linux_feature") << each.options;
        EXPECT_NE(refusal->arg("features")->find(each.named), std::string::npos)
            << each.options << ": " << *refusal->arg("features");
    }
}

TEST(Ext4Judge, AFeatureOfTheFutureIsRefusedByItsNumber) {
    Ext4Disk disk;
    disk.close();
    std::byte bits{0x80};
    ASSERT_TRUE(disk.disk().write(1024 + 0x63, std::span(&bits, 1))); // the highest incompatible feature
    const auto refusal = judged(disk);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->code, "guest.linux_feature");
    EXPECT_EQ(*refusal->arg("features"), "FEATURE_I31");
}

} // namespace
} // namespace exhyperv::guest

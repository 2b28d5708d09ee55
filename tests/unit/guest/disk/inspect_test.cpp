#include "windows_image.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

TEST(InspectDisk, ShowsPartitionsAndWindowsAndChangesNoByte) {
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path);
    auto before = whole_file(path);
    auto time = std::filesystem::last_write_time(path);
    auto found = inspect_disk(path);
    ASSERT_TRUE(found) << describe(found.error());
    EXPECT_EQ(found->format, ImageFormat::vhdx_dynamic);
    EXPECT_EQ(found->size, 256u << 20);
    EXPECT_EQ(found->table, TableKind::gpt);
    EXPECT_FALSE(found->leftover_journal);
    EXPECT_EQ(found->chain, std::vector<std::string>{path});
    ASSERT_EQ(found->partitions.size(), 3u);
    EXPECT_EQ(found->partitions[0].file_system, "empty");
    EXPECT_EQ(found->partitions[2].file_system, "NTFS");
    EXPECT_FALSE(found->partitions[2].refusal);
    ASSERT_TRUE(found->partitions[2].windows);
    EXPECT_EQ(found->partitions[2].windows->build, 26100u);
    EXPECT_TRUE(whole_file(path) == before);
    EXPECT_EQ(std::filesystem::last_write_time(path), time);
}

TEST(InspectDisk, ReportsALeftoverJournalAndLeavesIt) {
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path);
    std::ofstream(journal_path(path)) << "synthetic";
    auto found = inspect_disk(path);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->leftover_journal);
    EXPECT_TRUE(has_leftover_journal(path));
    EXPECT_EQ(GuestDisk::open(path, {.writable = false}).error().code, "disk.leftover_journal");
}

TEST(InspectDisk, WindowsIsNamedEvenWhereWritingIsRefused) {
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path, {.more = [](GuestVolume& volume) { put_file(volume, "hiberfil.sys", {}); }});
    auto found = inspect_disk(path);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->partitions.size(), 3u);
    EXPECT_TRUE(found->partitions[2].refusal);
    EXPECT_TRUE(found->partitions[2].windows);
}

TEST(InspectDisk, ADiskThatIsNotAnImageIsAnError) {
    ScratchDirectory scratch;
    EXPECT_FALSE(inspect_disk(scratch.file("none")));
    std::ofstream(scratch.file("short.vhdx")) << "vhdxfile";
    EXPECT_FALSE(inspect_disk(scratch.file("short.vhdx")));
}

} // namespace
} // namespace exhyperv::guest

#include "ext4_disk.h"

#include <random>

namespace exhyperv::guest {
namespace {

using namespace testing;

/// Everything that only looks, whatever it answers.
void look_everywhere(GuestVolume& volume) {
    std::vector<std::string> open = {""};
    for (std::size_t looked = 0; looked < open.size() && looked < 200; ++looked) {
        const auto directory = open[looked];
        const auto entries = volume.list(directory);
        if (!entries) continue;
        for (const auto& entry : *entries) {
            const auto path = directory.empty() ? entry.name : directory + "/" + entry.name;
            if (entry.directory && entry.reparse_tag == 0)
                open.push_back(path);
            else
                (void)volume.read_file(path, 1u << 20);
        }
    }
    (void)volume.free_bytes();
}

TEST(Ext4Hostile, DamagedMetadataIsAnErrorNeverACrash) {
    Ext4Disk disk({}, 64ull << 20);
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(disk.volume().make_directories("d" + std::to_string(i % 5)));
        disk.write("d" + std::to_string(i % 5) + "/f" + std::to_string(i), synthetic_bytes(i, 30'000));
    }
    ASSERT_TRUE(disk.volume().make_symlink("d0/link", "somewhere", false));
    disk.commit();
    disk.close();
    std::vector<std::byte> start(512u << 10);
    ASSERT_TRUE(disk.disk().read(0, start));
    std::mt19937 random(20'240'601); // the same damage in each run
    for (int round = 0; round < 150; ++round) {
        auto damaged = start;
        const auto hits = 1 + random() % 40;
        // Every other round spares the superblock, whose checksum would end the look early.
        const std::size_t from = round % 2 == 0 ? 1024 : 4096;
        for (std::size_t i = 0; i < hits; ++i)
            damaged[from + random() % (damaged.size() - from)] = static_cast<std::byte>(random());
        ASSERT_TRUE(disk.disk().write(0, damaged));
        (void)judge_ext4(disk.disk(), 0, disk.size());
        if (auto volume = open_ext4_read_only(disk.disk(), 0, disk.size())) look_everywhere(**volume);
        HeldBackDisk held(disk.disk());
        if (auto volume = open_ext4(held, 0, disk.size())) {
            (void)(*volume)->write_new("d1/new", {.size = 9000}, source_of(synthetic_bytes(1, 9000)));
            (void)(*volume)->remove_tree("d2");
        }
    }
}

TEST(Ext4Hostile, AVolumeLargerThanItsPartitionIsRefused) {
    Ext4Disk disk({}, 128ull << 20);
    disk.close();
    const auto opened = open_ext4_read_only(disk.disk(), 0, 64ull << 20);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "guest.corrupt_volume");
}

TEST(Ext4Hostile, ZeroesAndTooLittleAreNoVolume) {
    ScratchDirectory scratch;
    PlainDisk disk(scratch.file("zeroes"), 1u << 20);
    EXPECT_EQ(judge_ext4(disk, 0, 1u << 20).value()->code, "guest.corrupt_volume");
    EXPECT_EQ(judge_ext4(disk, 0, 100).value()->code, "guest.corrupt_volume");
    EXPECT_EQ(open_ext4_read_only(disk, 0, 1u << 20).error().code, "guest.corrupt_volume");
    EXPECT_FALSE(format_ext4(disk, 0, 1u << 20, {}));
}

} // namespace
} // namespace exhyperv::guest

#include "guest/disk/volume_probe.h"

#include "../ntfs/plain_disk.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {

using namespace testing;

TEST(VolumeProbe, NamesFileSystemsByTheirSignatures) {
    using namespace std::string_view_literals;
    struct Case {
        std::size_t at;
        std::string_view text;
        const char* name;
    };
    for (const auto& each :
         {Case{3, "NTFS    "sv, "NTFS"}, Case{3, "-FVE-FS-"sv, "BitLocker"}, Case{3, "ReFS\0\0\0\0"sv, "ReFS"},
          Case{3, "EXFAT   "sv, "exFAT"}, Case{0x52, "FAT32   "sv, "FAT32"}, Case{0x36, "FAT16   "sv, "FAT16"},
          Case{0, "XFSB"sv, "XFS"}, Case{0x10040, "_BHRfS_M"sv, "Btrfs"}, Case{1080, "\x53\xef"sv, "ext2"},
          Case{0xa0, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01"sv, "BitLocker"},
          Case{100, "something"sv, "unknown"}, Case{0, ""sv, "empty"}}) {
        ScratchDirectory scratch;
        PlainDisk disk(scratch.file("disk"), 1u << 20);
        std::vector<std::byte> data(each.text.size());
        std::ranges::transform(each.text, data.begin(), [](char c) { return static_cast<std::byte>(c); });
        ASSERT_TRUE(disk.write(4096 + each.at, data));
        EXPECT_EQ(*probe_file_system(disk, 4096, 512u << 10), each.name);
    }
}

TEST(VolumeProbe, RealVolumesOfOtherProgramsAreNamed) {
    ScratchDirectory scratch;
    for (const auto& [program, name] : {std::pair<std::string, std::string>{"mkfs.ext4 -q -F", "ext4"},
                                        {"mkfs.ext3 -q -F", "ext3"},
                                        {"mkfs.ext2 -q -F", "ext2"},
                                        {"mkfs.vfat -F 32", "FAT32"},
                                        {"mkntfs -F -Q -q", "NTFS"},
                                        {"mkfs.exfat", "exFAT"}}) {
        if (!have_tool(program.substr(0, program.find(' ')))) continue;
        auto path = scratch.file(name);
        constexpr std::uint64_t kSize = 64u << 20;
        PlainDisk disk(path, kSize);
        auto made = run_tool(program + " '" + path + "'");
        ASSERT_EQ(made.status, 0) << made.output;
        EXPECT_EQ(*probe_file_system(disk, 0, kSize), name);
    }
}

TEST(VolumeProbe, PlacesOutsideTheDiskAreUnknown) {
    ScratchDirectory scratch;
    PlainDisk disk(scratch.file("disk"), 1u << 20);
    EXPECT_EQ(*probe_file_system(disk, 2u << 20, 4096), "unknown");
    EXPECT_EQ(*probe_file_system(disk, 4096, UINT64_MAX), "unknown");
    EXPECT_EQ(*probe_file_system(disk, 0, 10), "empty");
}

} // namespace
} // namespace exhyperv::guest

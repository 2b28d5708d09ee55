#include "guest/format.h"

#include "plain_disk.h"

#include "guest/ntfs/ntfs_volume.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

TEST(FormatNtfs, EveryTemplateGivesAVolumeThatOtherProgramsFindSound) {
    NEED_TOOL("ntfsresize");
    ASSERT_GE(ntfs_template_sizes().size(), 3u);
    for (auto size : ntfs_template_sizes()) {
        ScratchDirectory scratch;
        PlainDisk disk(scratch.file("volume"), size);
        auto formatted = format_ntfs(disk, 0, size, {.label = "Fenêtres"});
        ASSERT_TRUE(formatted) << describe(formatted.error());
        auto info = run_tool("ntfsinfo -m " + scratch.file("volume"));
        EXPECT_EQ(info.status, 0) << info.output;
        EXPECT_NE(info.output.find("Volume Name: Fenêtres"), std::string::npos) << info.output;
        EXPECT_NE(info.output.find("Volume Version: 3.1"), std::string::npos);
        auto check = run_tool("ntfsresize -i -f " + scratch.file("volume"));
        EXPECT_EQ(check.status, 0) << check.output;
        auto fix = run_tool("ntfsfix -n " + scratch.file("volume"));
        EXPECT_EQ(fix.status, 0) << fix.output;
        EXPECT_NE(fix.output.find("NTFS partition " + scratch.file("volume") + " was processed successfully"),
                  std::string::npos)
            << fix.output;
    }
}

TEST(FormatNtfs, WritesTheSameBytesEachTimeAndDiffersByPlaceAndLabel) {
    ScratchDirectory scratch;
    auto size = ntfs_template_sizes().front();
    auto serial = [&](const std::string& name, std::uint64_t offset, const std::string& label) {
        PlainDisk disk(scratch.file(name), offset + size);
        EXPECT_TRUE(format_ntfs(disk, offset, size, {.label = label}));
        std::vector<std::byte> boot(512);
        EXPECT_TRUE(disk.read(offset, boot));
        std::vector<std::byte> copy(512);
        EXPECT_TRUE(disk.read(offset + size - 512, copy));
        EXPECT_EQ(boot, copy) << "the last sector of a volume is a copy of its first";
        EXPECT_EQ(std::to_integer<unsigned>(boot[0x1c]) + (std::to_integer<unsigned>(boot[0x1d]) << 8), offset / 512);
        return std::vector<std::byte>(boot.begin() + 0x48, boot.begin() + 0x50);
    };
    auto first = serial("a", 0, "A");
    EXPECT_EQ(first, serial("b", 0, "A"));
    EXPECT_NE(first, serial("c", 1u << 20, "A"));
    EXPECT_NE(first, serial("d", 0, "B"));
}

TEST(FormatNtfs, KeepsTheLogSmallSoThatImagesStaySmall) {
    ScratchDirectory scratch;
    auto size = ntfs_template_for_disk(20ull << 30);
    PlainDisk disk(scratch.file("volume"), size);
    ASSERT_TRUE(format_ntfs(disk, 0, size, {}));
    auto used = run_tool("du -k " + scratch.file("volume"));
    EXPECT_LT(std::stoul(used.output), 6000u) << used.output;
}

TEST(FormatNtfs, RefusesSizesWithoutATemplateAndBadLabels) {
    ScratchDirectory scratch;
    PlainDisk disk(scratch.file("volume"), 2ull << 30);
    EXPECT_EQ(format_ntfs(disk, 0, 12345678, {}).error().code, "guest.no_template");
    auto size = ntfs_template_sizes().front();
    EXPECT_EQ(format_ntfs(disk, (2ull << 30) - size / 2, size, {}).error().code, "disk.out_of_range");
    EXPECT_EQ(format_ntfs(disk, 0, size, {.label = std::string(40, 'x')}).error().code, "guest.bad_label");
    EXPECT_EQ(ntfs_template_for_disk(100), 0u);
    EXPECT_EQ(ntfs_template_for_disk(64ull << 30), (64ull << 30) - (128ull << 20));
}

} // namespace
} // namespace exhyperv::guest

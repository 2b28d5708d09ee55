#include "guest/block/parent_paths.h"
#include "guest/image.h"

#include "support.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

// Checkpoint chains: content through the chain, parents that are never touched, and linkage. 7-Zip is the independent
// reader (QEMU refuses differencing images).

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

class Differencing : public ::testing::Test {
  protected:
    void create_base() {
        constexpr auto size = 24 * kMiB;
        auto image = create_image(base, {.size = size, .block_size = 2u << 20});
        ASSERT_OK(image);
        model = pattern(size, 1);
        std::fill_n(model.begin() + 8 * kMiB, 5 * kMiB, std::byte{0}); // a hole, too
        ASSERT_OK((*image)->write(0, std::span(model).first(8 * kMiB)));
        ASSERT_OK((*image)->write(13 * kMiB, std::span(model).subspan(13 * kMiB)));
        ASSERT_OK((*image)->flush());
    }
    static Result<std::unique_ptr<Image>> create_child(const std::string& path, const std::string& parent) {
        return create_image(path, {.format = ImageFormat::vhdx_differencing, .block_size = 2u << 20, .parent = parent});
    }
    void scribble(Image& image, std::uint64_t seed) {
        Random random(seed);
        for (int i = 0; i < 20; ++i) {
            const auto length = random.below(i % 6 == 0 ? 3 * kMiB : 3000) + 1;
            const auto offset = random.below(image.size() - length);
            const auto data = pattern(length, random());
            ASSERT_OK(image.write(offset, data));
            std::ranges::copy(data, model.begin() + static_cast<std::ptrdiff_t>(offset));
        }
        ASSERT_OK(image.flush());
    }

    TempDirectory directory;
    const std::string base = directory / "base.vhdx", leaf = directory / "leaf.avhdx";
    Bytes model;
};

TEST_F(Differencing, ParentsAreNotToBeWritten) {
    create_base();
    ASSERT_OK(require_no_child(base));
    const auto middle = directory / "middle.avhdx";
    { ASSERT_OK(create_child(middle, base)); }
    { ASSERT_OK(create_child(leaf, middle)); }
    for (const auto& [parent, child] : {std::pair(base, middle), std::pair(middle, leaf)}) {
        const auto refused = require_no_child(parent);
        ASSERT_FALSE(refused) << parent;
        EXPECT_EQ(refused.error().code, "disk.has_child");
        EXPECT_EQ(std::filesystem::path(*refused.error().arg("child")).filename(),
                  std::filesystem::path(child).filename());
    }
    EXPECT_TRUE(require_no_child(leaf));
    {
        const auto held = open_image(leaf, {.writable = true}); // as a running VM holds it
        ASSERT_OK(held);
        EXPECT_FALSE(require_no_child(middle));
    }
#ifndef _WIN32
    const auto link = directory / "by another name.vhdx";
    std::filesystem::create_symlink(base, link);
    EXPECT_FALSE(require_no_child(link));
#endif
    std::filesystem::create_directory(directory / "away");
    std::filesystem::rename(middle, directory / "away/middle.avhdx");
    EXPECT_TRUE(require_no_child(base)) << "a child elsewhere is not looked for";
}

TEST_F(Differencing, AParentChangedSinceHasNoChildToLose) {
    create_base();
    { ASSERT_OK(create_child(leaf, base)); }
    {
        auto image = open_image(base, {.writable = true});
        ASSERT_OK(image);
        scribble(**image, 3);
    }
    EXPECT_TRUE(require_no_child(base));
}

TEST_F(Differencing, ChildrenInTheVhdFormatCountToo) {
    const auto parent = directory / "base.vhd", child = directory / "leaf.avhd";
    { ASSERT_OK(create_image(parent, {.format = ImageFormat::vhd_dynamic, .size = 24 * kMiB})); }
    { ASSERT_OK(create_image(child, {.format = ImageFormat::vhd_differencing, .parent = parent})); }
    EXPECT_FALSE(require_no_child(parent));
    EXPECT_TRUE(require_no_child(child));
}

TEST_F(Differencing, ChainOfThreeReadsLikeOneDiskAndParentsStayUntouched) {
    create_base();
    const auto middle = directory / "middle.avhdx";
    {
        auto image = create_child(middle, base);
        ASSERT_OK(image);
        scribble(**image, 10);
    }
    const auto base_before = read_host_file(base), middle_before = read_host_file(middle);
    {
        auto image = create_child(leaf, middle);
        ASSERT_OK(image);
        EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
        scribble(**image, 11);
        EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
        EXPECT_EQ((*image)->chain(), (std::vector{leaf, middle, base}));
    }
    auto image = open_image(leaf, {});
    ASSERT_OK(image);
    EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
    EXPECT_TRUE(read_host_file(base) == base_before);
    EXPECT_TRUE(read_host_file(middle) == middle_before);
}

TEST_F(Differencing, SevenZipReadsTheSameContent) {
    if (!have("7zz")) GTEST_SKIP() << "7zz is not installed";
    create_base();
    {
        auto image = create_child(leaf, base);
        ASSERT_OK(image);
        scribble(**image, 12);
    }
    const auto ran = run("cd '" + directory.path() + "' && 7zz x -so -tvhdx leaf.avhdx > out.raw");
    EXPECT_EQ(ran.status, 0) << ran.output;
    EXPECT_TRUE(read_host_file(directory / "out.raw") == model);
}

TEST_F(Differencing, OtherProgramsFindTheParent) {
    if (!have("vhdiinfo")) GTEST_SKIP() << "libvhdi-utils is not installed";
    create_base();
    ASSERT_OK(create_child(leaf, base));
    const auto info = run("vhdiinfo '" + leaf + "'").output;
    EXPECT_NE(info.find("Differential"), std::string::npos) << info;
    EXPECT_NE(info.find("base.vhdx"), std::string::npos) << info;
}

TEST_F(Differencing, WritesOfHalfSectorsBringTheOtherHalfFromTheParent) {
    create_base();
    auto image = create_child(leaf, base);
    ASSERT_OK(image);
    for (const std::uint64_t offset : {100ull, 1024ull * 1024 - 3, 2ull * 1024 * 1024 - 1, 9ull * 1024 * 1024 + 511}) {
        const auto data = pattern(7, offset);
        ASSERT_OK((*image)->write(offset, data));
        std::ranges::copy(data, model.begin() + static_cast<std::ptrdiff_t>(offset));
    }
    EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
}

TEST_F(Differencing, MovedTogetherTheChainStillOpens) {
    create_base();
    { ASSERT_OK(create_child(leaf, base)); }
    std::filesystem::create_directory(directory / "elsewhere");
    std::filesystem::rename(base, directory / "elsewhere/base.vhdx");
    EXPECT_CODE(open_image(leaf, {}), "disk.parent_missing");
    std::filesystem::rename(leaf, directory / "elsewhere/leaf.avhdx");
    EXPECT_CODE(open_image(directory / "elsewhere/leaf.avhdx", {}), "success");
}

TEST_F(Differencing, ChildAloneFindsItsParentByTheAbsolutePath) {
    create_base();
    { ASSERT_OK(create_child(leaf, base)); }
    std::filesystem::create_directories(directory / "far/away");
    std::filesystem::rename(leaf, directory / "far/away/leaf.avhdx");
    EXPECT_CODE(open_image(directory / "far/away/leaf.avhdx", {}), "success");
}

TEST_F(Differencing, ParentWrittenAfterwardsIsRefused) {
    create_base();
    { ASSERT_OK(create_child(leaf, base)); }
    {
        auto image = open_image(base, {.writable = true});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(0, pattern(512, 3)));
        ASSERT_OK((*image)->flush());
    }
    EXPECT_CODE(open_image(leaf, {}), "disk.parent_changed");
}

TEST_F(Differencing, ParentIsLockedAgainstWritersOnly) {
    create_base();
    auto image = create_child(leaf, base);
    ASSERT_OK(image);
    EXPECT_CODE(open_image(base, {.writable = true}), "disk.in_use");
    EXPECT_CODE(open_image(base, {}), "success");
    auto sibling = create_child(directory / "sibling.avhdx", base);
    EXPECT_CODE(sibling, "success");
}

TEST_F(Differencing, ChainThatBitesItsTailEnds) {
    create_base();
    { ASSERT_OK(create_child(leaf, base)); }
    std::filesystem::copy_file(leaf, base, std::filesystem::copy_options::overwrite_existing); // its own parent now
    EXPECT_CODE(open_image(leaf, {}), "disk.unsupported");
}

TEST_F(Differencing, RawFileIsNoParent) {
    write_host_file(base, pattern(kMiB, 1));
    EXPECT_CODE(create_child(leaf, base), "disk.bad_create_options");
    EXPECT_FALSE(std::filesystem::exists(leaf));
}

TEST(ParentPaths, RelativePathsAreWrittenTheWindowsWay) {
    EXPECT_EQ(relative_windows_path("/vm/leaf.avhdx", "/vm/base.vhdx"), ".\\base.vhdx");
    EXPECT_EQ(relative_windows_path("/vm/a/leaf.avhdx", "/vm/base.vhdx"), "..\\base.vhdx");
    EXPECT_EQ(relative_windows_path("/vm/a/leaf.avhdx", "/vm/b/c/base.vhdx"), "..\\b\\c\\base.vhdx");
    EXPECT_EQ(relative_windows_path("/vm/base.vhdx/leaf", "/vm/base.vhdx"), "..\\base.vhdx");
    EXPECT_EQ(relative_windows_path("C:\\vm\\leaf.avhdx", "D:\\base.vhdx"), "");
    EXPECT_EQ(relative_windows_path("C:\\vm\\leaf.avhdx", "C:\\vm\\base.vhdx"), ".\\base.vhdx");
    EXPECT_EQ(absolute_windows_path("C:/vm/base.vhdx"), "\\\\?\\C:\\vm\\base.vhdx");
    EXPECT_EQ(from_relative_windows_path("..\\b\\base.vhdx", "/vm/a/leaf.avhdx"), "/vm/a/../b/base.vhdx");
    EXPECT_EQ(from_absolute_windows_path("\\\\?\\C:\\vm\\base.vhdx"), std::nullopt); // no drives on this system
    EXPECT_EQ(from_absolute_windows_path("\\vm\\base.vhdx"), "/vm/base.vhdx");
}

} // namespace
} // namespace exhyperv::guest::testing

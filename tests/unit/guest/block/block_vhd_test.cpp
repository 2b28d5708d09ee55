#include "guest/image.h"

#include "support.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

class Vhd : public ::testing::Test {
  protected:
    void scribble(Image& image, std::uint64_t seed) {
        model.resize(image.size());
        Random random(seed);
        for (int i = 0; i < 25; ++i) {
            const auto length = random.below(i % 5 == 0 ? 3 * kMiB : 20000) + 1;
            const auto offset = random.below(image.size() - length);
            const auto data = pattern(length, random());
            ASSERT_OK(image.write(offset, data));
            std::ranges::copy(data, model.begin() + static_cast<std::ptrdiff_t>(offset));
        }
        ASSERT_OK(image.flush());
        write_host_file(raw, model);
    }

    TempDirectory directory;
    const std::string path = directory / "disk.vhd", raw = directory / "disk.raw";
    Bytes model;
};

TEST_F(Vhd, QemuReadsWhatWeWroteAndGoesOn) {
    if (!have("qemu-img")) GTEST_SKIP() << "qemu-utils is not installed";
    for (const auto format : {ImageFormat::vhd_fixed, ImageFormat::vhd_dynamic}) {
        SCOPED_TRACE(format_name(format));
        std::filesystem::remove(path);
        model.clear();
        {
            auto image = create_image(path, {.format = format, .size = 33 * kMiB + 512, .block_size = 2u << 20});
            ASSERT_OK(image);
            scribble(**image, 1);
        }
        EXPECT_EQ(qemu_compare(path, "vpc", raw), "");
        ASSERT_EQ(run("qemu-io -f vpc -c 'write -P 0x11 7M 9M' '" + path + "'").status, 0);
        std::fill_n(model.begin() + 7 * kMiB, 9 * kMiB, std::byte{0x11});
        auto image = open_image(path, {.writable = true});
        ASSERT_OK(image);
        EXPECT_EQ((*image)->format(), format);
        EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
        scribble(**image, 2);
        image->reset();
        EXPECT_EQ(qemu_compare(path, "vpc", raw), "");
    }
}

TEST_F(Vhd, WeReadWhatQemuCreated) {
    if (!have("qemu-img")) GTEST_SKIP() << "qemu-utils is not installed";
    ASSERT_EQ(run("qemu-img create -f vpc -o force_size=on '" + path + "' 33M").status, 0);
    ASSERT_EQ(run("qemu-io -f vpc -c 'write -P 0x22 5M 4M' '" + path + "'").status, 0);
    auto image = open_image(path, {.writable = true});
    ASSERT_OK(image);
    EXPECT_EQ((*image)->format(), ImageFormat::vhd_dynamic);
    ASSERT_EQ((*image)->size(), 33 * kMiB);
    model.assign(33 * kMiB, std::byte{0});
    std::fill_n(model.begin() + 5 * kMiB, 4 * kMiB, std::byte{0x22});
    EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
    scribble(**image, 3);
    image->reset();
    EXPECT_EQ(qemu_compare(path, "vpc", raw), "");
}

TEST_F(Vhd, SevenZipReadsADifferencingDisk) {
    if (!have("7zz")) GTEST_SKIP() << "7zz is not installed";
    {
        auto image = create_image(directory / "base.vhd",
                                  {.format = ImageFormat::vhd_dynamic, .size = 12 * kMiB, .block_size = 2u << 20});
        ASSERT_OK(image);
        scribble(**image, 4);
    }
    {
        auto image = create_image(
            path, {.format = ImageFormat::vhd_differencing, .block_size = 2u << 20, .parent = directory / "base.vhd"});
        ASSERT_OK(image);
        EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
        scribble(**image, 5);
    }
    const auto ran = run("cd '" + directory.path() + "' && 7zz x -so -tvhd disk.vhd > out.raw");
    EXPECT_EQ(ran.status, 0) << ran.output;
    EXPECT_TRUE(read_host_file(directory / "out.raw") == model);
}

TEST_F(Vhd, ParentOfAnotherDiskIsRefused) {
    const CreateOptions base{.format = ImageFormat::vhd_dynamic, .size = 4 * kMiB, .block_size = 2u << 20};
    { ASSERT_OK(create_image(directory / "base.vhd", base)); }
    {
        ASSERT_OK(create_image(
            path, {.format = ImageFormat::vhd_differencing, .block_size = 2u << 20, .parent = directory / "base.vhd"}));
    }
    std::filesystem::remove(directory / "base.vhd");
    EXPECT_CODE(open_image(path, {}), "disk.parent_missing");
    { ASSERT_OK(create_image(directory / "base.vhd", base)); }
    EXPECT_CODE(open_image(path, {}), "disk.parent_changed");
}

TEST_F(Vhd, LostFooterComesBackFromTheCopy) {
    {
        auto image =
            create_image(path, {.format = ImageFormat::vhd_dynamic, .size = 12 * kMiB, .block_size = 2u << 20});
        ASSERT_OK(image);
        scribble(**image, 6);
    }
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 512);
    {
        auto image = open_image(path, {});
        ASSERT_OK(image);
        EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
    }
    auto image = open_image(path, {.writable = true});
    ASSERT_OK(image);
    scribble(**image, 7);
    image->reset();
    EXPECT_EQ(qemu_compare(path, "vpc", raw), "");
}

TEST_F(Vhd, TruncatedImagesAreRefused) {
    { ASSERT_OK(create_image(path, {.format = ImageFormat::vhd_fixed, .size = 4 * kMiB})); }
    const auto footer = read_host_file(path);
    write_host_file(path, Bytes(footer.end() - 1024, footer.end()));
    EXPECT_CODE(open_image(path, {}), "disk.truncated");
}

} // namespace
} // namespace exhyperv::guest::testing

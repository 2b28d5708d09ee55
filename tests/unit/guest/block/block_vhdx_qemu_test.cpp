#include "guest/image.h"

#include "support.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

// QEMU and libvhdi as independent readers and writers of VHDX.

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

class VhdxAgainstQemu : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!have("qemu-img") || !have("qemu-io")) GTEST_SKIP() << "qemu-utils is not installed";
    }
    /// Writes at random and keeps a raw image of what the disk must hold.
    void scribble(Image& image, std::uint64_t seed) {
        model.resize(image.size());
        Random random(seed);
        for (int i = 0; i < 30; ++i) {
            const auto length = random.below(i % 5 == 0 ? 2 * kMiB : 20000) + 1;
            const auto offset = random.below(image.size() - length);
            const auto data = pattern(length, random());
            ASSERT_OK(image.write(offset, data));
            std::ranges::copy(data, model.begin() + static_cast<std::ptrdiff_t>(offset));
        }
        ASSERT_OK(image.flush());
        write_host_file(raw, model);
    }

    TempDirectory directory;
    const std::string path = directory / "disk.vhdx", raw = directory / "disk.raw";
    Bytes model;
};

TEST_F(VhdxAgainstQemu, ReadsWhatWeWroteInEveryBlockSize) {
    for (const auto format : {ImageFormat::vhdx_dynamic, ImageFormat::vhdx_fixed})
        for (const std::uint32_t block : {1u << 20, 8u << 20, 32u << 20, 256u << 20}) {
            SCOPED_TRACE(std::string(format_name(format)) + " " + std::to_string(block));
            std::filesystem::remove(path);
            model.clear();
            {
                auto image = create_image(path, {.format = format, .size = 40 * kMiB + 512, .block_size = block});
                ASSERT_OK(image);
                scribble(**image, block);
            }
            EXPECT_EQ(qemu_check(path), "");
            EXPECT_EQ(qemu_compare(path, "vhdx", raw), "");
        }
}

TEST_F(VhdxAgainstQemu, ImagesOfManyChunksKeepTheirTablesRight) {
    // Sector bitmap entries stand between the payload entries: with 1 MiB blocks after every 4,096.
    auto image = create_image(path, {.size = 20ull << 30, .block_size = 1u << 20});
    ASSERT_OK(image);
    for (const std::uint64_t gib : {0, 4, 8, 12, 19})
        ASSERT_OK((*image)->write((gib << 30) + 123 * 512, Bytes(4096, static_cast<std::byte>(gib + 1))));
    ASSERT_OK((*image)->flush());
    image->reset();
    EXPECT_EQ(qemu_check(path), "");
    for (const std::uint64_t gib : {0, 4, 8, 12, 19}) {
        const auto place = std::to_string((gib << 30) + 123 * 512);
        const auto ran =
            run("qemu-io -r -f vhdx -c 'read -P " + std::to_string(gib + 1) + " " + place + " 4096' '" + path + "'");
        EXPECT_EQ(ran.output.find("verification failed"), std::string::npos) << ran.output;
        EXPECT_NE(ran.output.find("read 4096/4096"), std::string::npos) << ran.output;
    }
}

TEST_F(VhdxAgainstQemu, WeReadAndContinueWhatQemuWrote) {
    for (const std::string subformat : {"dynamic", "fixed"}) {
        SCOPED_TRACE(subformat);
        std::filesystem::remove(path);
        ASSERT_EQ(run("qemu-img create -f vhdx -o subformat=" + subformat + ",block_size=8M '" + path + "' 50M").status,
                  0);
        ASSERT_EQ(run("qemu-io -f vhdx -c 'write -P 0x5a 1M 3M' -c 'write -P 0xa5 33M 512' '" + path + "'").status, 0);
        model.assign(50 * kMiB, std::byte{0});
        std::fill_n(model.begin() + kMiB, 3 * kMiB, std::byte{0x5A});
        std::fill_n(model.begin() + 33 * kMiB, 512, std::byte{0xA5});
        {
            auto image = open_image(path, {.writable = true});
            ASSERT_OK(image);
            EXPECT_EQ(format_name((*image)->format()), "vhdx " + subformat);
            EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
            scribble(**image, 5);
        }
        EXPECT_EQ(qemu_check(path), "");
        EXPECT_EQ(qemu_compare(path, "vhdx", raw), "");
    }
}

TEST_F(VhdxAgainstQemu, QemuMayContinueWhatWeWrote) {
    {
        auto image = create_image(path, {.size = 50 * kMiB, .block_size = 4u << 20});
        ASSERT_OK(image);
        scribble(**image, 6);
    }
    ASSERT_EQ(run("qemu-io -f vhdx -c 'write -P 0x77 20M 10M' '" + path + "'").status, 0);
    std::fill_n(model.begin() + 20 * kMiB, 10 * kMiB, std::byte{0x77});
    auto image = open_image(path, {});
    ASSERT_OK(image);
    EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
}

TEST_F(VhdxAgainstQemu, UnreferencedSpaceIsCleanAndCanBeCutOff) {
    auto image = create_image(path, {.size = 50 * kMiB, .block_size = 1u << 20});
    ASSERT_OK(image);
    scribble(**image, 8);
    const auto length = (*image)->file_size().value();
    image->reset();
    std::filesystem::resize_file(path, length + 5 * kMiB); // what a killed writer leaves
    EXPECT_EQ(qemu_check(path), "");
    image = open_image(path, {.writable = true});
    ASSERT_OK(image);
    ASSERT_OK((*image)->trim_file());
    EXPECT_EQ(std::filesystem::file_size(path), length);
    image->reset();
    EXPECT_EQ(qemu_check(path), "");
    EXPECT_EQ(qemu_compare(path, "vhdx", raw), "");
}

TEST_F(VhdxAgainstQemu, QemuCannotOpenAnImageThatWeHaveOpen) {
    auto image = create_image(path, {.size = 50 * kMiB});
    ASSERT_OK(image);
    EXPECT_NE(run("qemu-img check -f vhdx '" + path + "'").output.find("lock"), std::string::npos);
    EXPECT_NE(run("qemu-io -f vhdx -c 'read 0 512' '" + path + "'").output.find("lock"), std::string::npos);
    image->reset();
    image = open_image(path, {});
    ASSERT_OK(image);
    EXPECT_NE(run("qemu-io -f vhdx -c 'write 0 512' '" + path + "'").output.find("lock"), std::string::npos);
    EXPECT_EQ(qemu_check(path), ""); // readers share
}

TEST_F(VhdxAgainstQemu, IdentifiersChangeAsTheFormatAsks) {
    if (!have("vhdiinfo")) GTEST_SKIP() << "libvhdi-utils is not installed";
    const auto id = *Guid::parse("12345678-9ABC-4DEF-8123-456789ABCDEF");
    auto image = create_image(path, {.size = 50 * kMiB, .disk_id = id});
    ASSERT_OK(image);
    EXPECT_EQ((*image)->disk_id(), id);
    const auto created = (*image)->content_mark().value();
    ASSERT_OK((*image)->flush());
    EXPECT_EQ((*image)->content_mark().value(), created); // nothing was written
    ASSERT_OK((*image)->write(0, pattern(512, 1)));
    const auto written = (*image)->content_mark().value();
    EXPECT_NE(written, created);
    ASSERT_OK((*image)->write(512, pattern(512, 1)));
    EXPECT_EQ((*image)->content_mark().value(), written); // once for each open
    ASSERT_OK((*image)->flush());
    image->reset();
    const auto info = run("vhdiinfo '" + path + "'").output;
    EXPECT_NE(info.find("Dynamic"), std::string::npos) << info;
    EXPECT_NE(info.find("50 MiB (52428800 bytes)"), std::string::npos) << info;
    image = open_image(path, {.writable = true});
    ASSERT_OK(image);
    EXPECT_EQ((*image)->content_mark().value(), written);
    (*image)->keep_content_mark(true);
    ASSERT_OK((*image)->write(0, pattern(512, 2)));
    EXPECT_EQ((*image)->content_mark().value(), written);
    (*image)->keep_content_mark(false);
    ASSERT_OK((*image)->write(0, pattern(512, 3)));
    EXPECT_NE((*image)->content_mark().value(), written);
}

} // namespace
} // namespace exhyperv::guest::testing

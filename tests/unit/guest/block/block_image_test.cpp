#include "guest/image.h"

#include "support.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/resource.h>

// Every format against a plain array of bytes: whatever is written anywhere is read back, now and after opening again.

namespace exhyperv::guest::testing {
namespace {

struct Case {
    std::string name;
    CreateOptions options;
    bool child; ///< on top of a parent of the same kind
};

std::ostream& operator<<(std::ostream& out, const Case& which) {
    return out << which.name;
}

constexpr std::uint64_t kMiB = 1u << 20;

class EveryFormat : public ::testing::TestWithParam<Case> {
  protected:
    /// Creates the image (and the parent, with content) and returns what the disk holds.
    Bytes create() {
        auto options = GetParam().options;
        Bytes model(size);
        options.size = size;
        if (GetParam().child) {
            auto parent_options = options;
            parent_options.format =
                options.format == ImageFormat::vhdx_differencing ? ImageFormat::vhdx_dynamic : ImageFormat::vhd_dynamic;
            auto parent = create_image(directory / "parent", parent_options);
            EXPECT_TRUE(parent) << describe(parent.error());
            const auto content = pattern(3 * kMiB + 12345, 99);
            EXPECT_TRUE((*parent)->write(kMiB / 2 + 77, content) && (*parent)->flush());
            std::ranges::copy(content, model.begin() + kMiB / 2 + 77);
            options.parent = directory / "parent";
        }
        auto image = create_image(path, options);
        EXPECT_TRUE(image) << describe(image.error());
        return model;
    }

    TempDirectory directory;
    const std::string path = directory / "disk";
    const std::uint64_t size = 9 * kMiB + 5 * 4096; // no multiple of the block size
};

TEST_P(EveryFormat, ReadsBackWhatRandomWritesLeft) {
    auto model = create();
    Random random(7);
    for (int round = 0; round < 3; ++round) {
        auto image = open_image(path, {.writable = true});
        ASSERT_OK(image);
        EXPECT_EQ((*image)->format(), GetParam().options.format);
        EXPECT_EQ((*image)->size(), size);
        EXPECT_EQ((*image)->sector_size(),
                  GetParam().options.format == ImageFormat::raw ? 512u : GetParam().options.sector_size);
        for (int i = 0; i < 40; ++i) {
            const auto length = random.below(i % 8 == 0 ? 3 * kMiB : 9000);
            const auto offset = random.below(size - length);
            const auto data = pattern(length, random());
            ASSERT_OK((*image)->write(offset, data));
            std::ranges::copy(data, model.begin() + static_cast<std::ptrdiff_t>(offset));
            if (i % 16 == 0) ASSERT_OK((*image)->flush());
            const auto from = random.below(size - 70000);
            EXPECT_TRUE(std::ranges::equal(read_all(**image, from, 70000), std::span(model).subspan(from, 70000))) << i;
        }
        EXPECT_TRUE(read_all(**image, 0, size) == model);
        ASSERT_OK((*image)->flush());
    }
    auto image = open_image(path, {});
    ASSERT_OK(image);
    EXPECT_TRUE(read_all(**image, 0, size) == model);
}

TEST_P(EveryFormat, RefusesWhatLiesBeyondTheEndAndWritingWhenReadOnly) {
    create();
    {
        auto image = open_image(path, {.writable = true});
        ASSERT_OK(image);
        Bytes two(2);
        EXPECT_CODE((*image)->write(size - 1, two), "disk.out_of_range");
        EXPECT_CODE((*image)->read(size - 1, two), "disk.out_of_range");
        EXPECT_CODE((*image)->read(UINT64_MAX, two), "disk.out_of_range");
        EXPECT_CODE((*image)->write(UINT64_MAX, two), "disk.out_of_range");
        ASSERT_OK((*image)->read(size, {}));
    }
    auto image = open_image(path, {});
    ASSERT_OK(image);
    EXPECT_FALSE((*image)->writable());
    EXPECT_CODE((*image)->write(0, Bytes(1)), "disk.read_only");
    EXPECT_CODE((*image)->trim_file(), "disk.read_only");
}

TEST_P(EveryFormat, DiscardAndTrimGiveBackWhatWasNotFlushed) {
    auto model = create();
    auto image = open_image(path, {.writable = true});
    ASSERT_OK(image);
    const auto first = pattern(5000, 3);
    ASSERT_OK((*image)->write(1000, first));
    std::ranges::copy(first, model.begin() + 1000);
    ASSERT_OK((*image)->flush());
    const auto before = (*image)->file_size().value();
    ASSERT_OK((*image)->write(6 * kMiB + 11, pattern(2 * kMiB, 4)));
    ASSERT_OK((*image)->discard_unflushed());
    ASSERT_OK((*image)->trim_file());
    EXPECT_EQ((*image)->file_size().value(), before);
    const bool sparse = GetParam().options.format != ImageFormat::raw &&
                        GetParam().options.format != ImageFormat::vhd_fixed &&
                        GetParam().options.format != ImageFormat::vhdx_fixed;
    if (sparse) {
        EXPECT_TRUE(read_all(**image, 0, size) == model);
    }
    image->reset();
    auto again = open_image(path, {});
    ASSERT_OK(again);
    if (sparse) {
        EXPECT_TRUE(read_all(**again, 0, size) == model);
    }
}

TEST_P(EveryFormat, AllocateKeepsTheContentAndLeavesTablesAloneAfterwards) {
    auto model = create();
    auto image = open_image(path, {.writable = true});
    ASSERT_OK(image);
    ASSERT_OK((*image)->allocate(kMiB + 100, 3 * kMiB));
    ASSERT_OK((*image)->flush());
    EXPECT_TRUE(read_all(**image, 0, size) == model);
    const auto length = (*image)->file_size().value();
    const auto data = pattern(3 * kMiB, 5);
    ASSERT_OK((*image)->write(kMiB + 100, data));
    EXPECT_EQ((*image)->file_size().value(), length);
    image->reset(); // without flush: only the data was written, and it counts
    std::ranges::copy(data, model.begin() + kMiB + 100);
    auto again = open_image(path, {});
    ASSERT_OK(again);
    EXPECT_TRUE(read_all(**again, 0, size) == model);
}

TEST_P(EveryFormat, IsLockedWhileOpen) {
    create();
    auto image = open_image(path, {.writable = true});
    ASSERT_OK(image);
    EXPECT_CODE(open_image(path, {}), "disk.in_use");
    EXPECT_CODE(open_image(path, {.writable = true}), "disk.in_use");
}

TEST_P(EveryFormat, NeverOverwritesAnExistingFile) {
    write_host_file(path, pattern(100, 1));
    EXPECT_CODE(create_image(path, GetParam().options), "disk.exists");
    EXPECT_TRUE(read_host_file(path) == pattern(100, 1));
}

INSTANTIATE_TEST_SUITE_P(
    Block, EveryFormat,
    ::testing::Values(
        Case{"raw", {.format = ImageFormat::raw}, false},
        Case{"vhdx_fixed", {.format = ImageFormat::vhdx_fixed, .block_size = 1u << 20}, false},
        Case{"vhdx_dynamic", {.format = ImageFormat::vhdx_dynamic, .block_size = 2u << 20}, false},
        Case{"vhdx_dynamic_4k",
             {.format = ImageFormat::vhdx_dynamic, .sector_size = 4096, .block_size = 1u << 20},
             false},
        Case{"vhdx_differencing", {.format = ImageFormat::vhdx_differencing, .block_size = 2u << 20}, true},
        Case{"vhdx_differencing_4k",
             {.format = ImageFormat::vhdx_differencing, .sector_size = 4096, .block_size = 1u << 20},
             true},
        Case{"vhd_fixed", {.format = ImageFormat::vhd_fixed}, false},
        Case{"vhd_dynamic", {.format = ImageFormat::vhd_dynamic, .block_size = 2u << 20}, false},
        Case{"vhd_differencing", {.format = ImageFormat::vhd_differencing, .block_size = 512u << 10}, true}),
    [](const auto& test) { return test.param.name; });

TEST(CreateImage, RefusesImpossibleOptionsAndLeavesNoFile) {
    TempDirectory directory;
    const std::pair<const char*, CreateOptions> cases[] = {
        {"empty disk", {.size = 0}},
        {"odd size", {.size = 1000}},
        {"4K odd size", {.size = 512, .sector_size = 4096}},
        {"sector size", {.size = kMiB, .sector_size = 1024}},
        {"block size", {.size = kMiB, .block_size = 3u << 20}},
        {"block too large", {.size = kMiB, .block_size = 512u << 20}},
        {"over 64 TiB", {.size = (64ull << 40) + 512}},
        {"raw odd", {.format = ImageFormat::raw, .size = 513}},
        {"vhd 4K", {.format = ImageFormat::vhd_dynamic, .size = kMiB, .sector_size = 4096}},
        {"vhd over 2040 GiB", {.format = ImageFormat::vhd_dynamic, .size = (2040ull << 30) + 512}},
    };
    for (const auto& [what, options] : cases) {
        SCOPED_TRACE(what);
        EXPECT_CODE(create_image(directory / "x", options), "disk.bad_create_options");
        EXPECT_FALSE(std::filesystem::exists(directory / "x"));
    }
    EXPECT_CODE(create_image(directory / "x", {.format = ImageFormat::vhdx_differencing, .parent = directory / "none"}),
                "disk.not_found");
    EXPECT_FALSE(std::filesystem::exists(directory / "x"));
    EXPECT_CODE(create_image(directory / "no/such/place", {.size = kMiB}), "disk.not_found");
}

TEST(CreateImage, LargestDiskWorks) {
    TempDirectory directory;
    auto image = create_image(directory / "x", {.size = 64ull << 40});
    ASSERT_OK(image);
    const auto data = pattern(4096, 1);
    ASSERT_OK((*image)->write((64ull << 40) - 4096, data));
    ASSERT_OK((*image)->flush());
    EXPECT_TRUE(read_all(**image, (64ull << 40) - 4096, 4096) == data);
}

TEST(OpenImage, TellsWhatIsNoImage) {
    TempDirectory directory;
    EXPECT_CODE(open_image(directory / "none", {}), "disk.not_found");
    EXPECT_CODE(open_image(directory.path(), {}), "disk.not_a_file");
    write_host_file(directory / "empty", {});
    EXPECT_CODE(open_image(directory / "empty", {}), "disk.unsupported");
    write_host_file(directory / "odd", pattern(1000, 1));
    EXPECT_CODE(open_image(directory / "odd", {}), "disk.unsupported");
}

TEST(OpenImage, RefusesForeignFormatsInsteadOfTakingThemForRawDisks) {
    if (!have("qemu-img")) GTEST_SKIP() << "qemu-img is not installed";
    TempDirectory directory;
    for (const std::string format : {"qcow2", "vmdk", "vdi", "qed", "parallels"}) {
        const auto path = directory / format;
        ASSERT_EQ(run("qemu-img create -f " + format + " '" + path + "' 16M").status, 0);
        std::filesystem::resize_file(path, (std::filesystem::file_size(path) + 511) / 512 * 512);
        EXPECT_CODE(open_image(path, {}), "disk.unsupported");
    }
    Bytes luks(4096);
    const std::string_view magic("LUKS\xba\xbe", 6);
    std::ranges::copy(std::as_bytes(std::span(magic)), luks.begin());
    write_host_file(directory / "luks", luks);
    EXPECT_CODE(open_image(directory / "luks", {}), "disk.encrypted_image");
}

TEST(OpenImage, DiskFullIsNamedAndLeavesTheDiskAsItWas) {
    TempDirectory directory;
    const auto path = directory / "disk.vhdx";
    const auto before = pattern(100000, 1);
    {
        auto image = create_image(path, {.size = 64 * kMiB, .block_size = 1u << 20});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(0, before));
        ASSERT_OK((*image)->flush());
    }
    // A file size limit stands in for the full disk: the system answers EFBIG, in the same place.
    const auto killed = kill_at(1000, [&] {
        auto image = open_image(path, {.writable = true});
        ASSERT_OK(image);
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{8 * kMiB, 8 * kMiB};
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
        EXPECT_CODE((*image)->write(10 * kMiB, pattern(10 * kMiB, 2)), "disk.no_space");
        ASSERT_OK((*image)->discard_unflushed());
        ASSERT_OK((*image)->trim_file());
    });
    EXPECT_EQ(killed, "");
    auto image = open_image(path, {});
    ASSERT_OK(image);
    EXPECT_TRUE(read_all(**image, 0, before.size()) == before);
    EXPECT_EQ(qemu_check(path), "");
}

} // namespace
} // namespace exhyperv::guest::testing

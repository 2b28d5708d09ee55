#include "guest/image.h"
#include "guest/partition_table.h"

#include "support.h"

#include <gtest/gtest.h>

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

std::vector<NewPartition> windows_layout() {
    return {{partition_type::efi_system(), Guid::random(), "EFI system partition", kMiB, 100 * kMiB},
            {partition_type::microsoft_reserved(), Guid::random(), "Microsoft reserved", 101 * kMiB, 16 * kMiB},
            {partition_type::basic_data(), Guid::random(), "Windows \xE7\xB3\xBB\xE7\xBB\x9F", 117 * kMiB, 300 * kMiB},
            {partition_type::windows_recovery(), Guid::random(), "", 417 * kMiB, 82 * kMiB}};
}

class Gpt : public ::testing::TestWithParam<std::uint32_t> {
  protected:
    std::unique_ptr<Image> create() {
        auto image = create_image(path, {.size = 500 * kMiB, .sector_size = GetParam(), .block_size = 1u << 20});
        EXPECT_TRUE(image.has_value());
        return std::move(*image);
    }
    TempDirectory directory;
    const std::string path = directory / "disk.vhdx";
};

TEST_P(Gpt, ReadsBackWhatItWrote) {
    auto image = create();
    const auto id = Guid::random();
    const auto layout = windows_layout();
    ASSERT_OK(write_gpt(*image, id, layout));
    const auto table = read_partition_table(*image);
    ASSERT_OK(table);
    EXPECT_EQ(table->kind, TableKind::gpt);
    EXPECT_EQ(table->disk_guid, id);
    ASSERT_EQ(table->partitions.size(), layout.size());
    for (std::size_t i = 0; i < layout.size(); ++i) {
        EXPECT_EQ(table->partitions[i].number, i + 1);
        EXPECT_EQ(table->partitions[i].offset, layout[i].offset);
        EXPECT_EQ(table->partitions[i].size, layout[i].size);
        EXPECT_EQ(table->partitions[i].gpt_type, layout[i].type);
        EXPECT_EQ(table->partitions[i].name, layout[i].name);
    }
}

TEST_P(Gpt, BackupIsUsedWhenThePrimaryIsDamaged) {
    auto image = create();
    ASSERT_OK(write_gpt(*image, Guid::random(), windows_layout()));
    const std::uint64_t sector = GetParam();
    const auto damage = [&](std::uint64_t at) { // every bit of a byte: what stands there is random
        std::vector<std::byte> byte(1);
        ASSERT_OK(image->read(at, byte));
        byte[0] = ~byte[0];
        ASSERT_OK(image->write(at, byte));
    };
    for (const auto damaged : {sector + 60, 2 * sector + 40}) { // header, entries
        damage(damaged);
        const auto table = read_partition_table(*image);
        ASSERT_OK(table);
        EXPECT_EQ(table->partitions.size(), 4u);
    }
    damage(image->size() - sector + 60);
    EXPECT_CODE(read_partition_table(*image), "disk.bad_partition_table");
}

TEST_P(Gpt, RefusesLayoutsThatCannotBe) {
    auto image = create();
    const auto refused = [&](NewPartition partition) {
        auto layout = windows_layout();
        layout.pop_back();
        layout.push_back(std::move(partition));
        EXPECT_CODE(write_gpt(*image, Guid::random(), layout), "disk.bad_partition_layout");
    };
    const auto type = partition_type::basic_data();
    refused({type, Guid::random(), "", 50 * kMiB, kMiB});        // overlaps
    refused({type, Guid::random(), "", 417 * kMiB, 83 * kMiB});  // over the backup
    refused({type, Guid::random(), "", 0, kMiB});                // over the table
    refused({type, Guid::random(), "", 417 * kMiB + 512, kMiB}); // not aligned
    refused({type, Guid::random(), "", 417 * kMiB, 0});          // empty
    refused({type, Guid::random(), "", 417 * kMiB, UINT64_MAX - 4095});
    refused({{}, Guid::random(), "", 417 * kMiB, kMiB}); // no type
    refused({type, Guid::random(), std::string(37, 'x'), 417 * kMiB, kMiB});
    const auto table = read_partition_table(*image);
    ASSERT_OK(table);
    EXPECT_EQ(table->kind, TableKind::none); // nothing was written
}

INSTANTIATE_TEST_SUITE_P(Block, Gpt, ::testing::Values(512u, 4096u),
                         [](const auto& test) { return std::to_string(test.param); });

class GptAgainstOthers : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(GptAgainstOthers, IsReadAlike) {
    TempDirectory directory;
    const auto path = directory / "disk.raw";
    {
        auto image = create_image(path, {.format = ImageFormat::raw, .size = 500 * kMiB, .sector_size = GetParam()});
        ASSERT_OK(image);
        ASSERT_OK(write_gpt(**image, *Guid::parse("01234567-89AB-4CDE-8F01-23456789ABCD"), windows_layout()));
    }
    if (have("mmls")) {
        const auto ran = run("mmls -t gpt -b " + std::to_string(GetParam()) + " '" + path + "'");
        EXPECT_EQ(ran.status, 0) << ran.output;
        EXPECT_NE(ran.output.find("EFI system partition"), std::string::npos) << ran.output;
        EXPECT_NE(ran.output.find("Microsoft reserved"), std::string::npos) << ran.output;
    }
    if (have("sfdisk") && GetParam() == 512) {
        const auto ran = run("sfdisk --verify '" + path + "'");
        EXPECT_EQ(ran.status, 0) << ran.output;
        EXPECT_NE(ran.output.find("No errors detected"), std::string::npos) << ran.output;
    }
    if (have("sgdisk") && GetParam() == 512) {
        const auto ran = run("sgdisk -v '" + path + "'");
        EXPECT_NE(ran.output.find("No problems found"), std::string::npos) << ran.output;
    }
    // A raw image does not say what sectors its disk had: both are found.
    auto image = open_image(path, {});
    ASSERT_OK(image);
    const auto table = read_partition_table(**image);
    ASSERT_OK(table);
    EXPECT_EQ(table->partitions.size(), 4u);
}

INSTANTIATE_TEST_SUITE_P(Block, GptAgainstOthers, ::testing::Values(512u, 4096u),
                         [](const auto& test) { return std::to_string(test.param); });

TEST(PartitionTable, EmptyDiskHasNone) {
    TempDirectory directory;
    auto image = create_image(directory / "disk.raw", {.format = ImageFormat::raw, .size = kMiB});
    ASSERT_OK(image);
    const auto table = read_partition_table(**image);
    ASSERT_OK(table);
    EXPECT_EQ(table->kind, TableKind::none);
    auto tiny = create_image(directory / "tiny.raw", {.format = ImageFormat::raw, .size = 512});
    ASSERT_OK(tiny);
    EXPECT_EQ(read_partition_table(**tiny)->kind, TableKind::none);
    EXPECT_CODE(write_gpt(**tiny, Guid::random(), {}), "disk.bad_partition_layout");
}

} // namespace
} // namespace exhyperv::guest::testing

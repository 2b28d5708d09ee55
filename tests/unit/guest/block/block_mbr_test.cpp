#include "guest/block/bytes.h"
#include "guest/image.h"
#include "guest/partition_table.h"

#include "support.h"

#include <algorithm>
#include <gtest/gtest.h>

// MBR tables, synthesized here entry by entry; sleuthkit is the second reader.

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::uint32_t kMiBSectors = 2048;

class MbrTable : public ::testing::Test {
  protected:
    void SetUp() override {
        auto created = create_image(path, {.format = ImageFormat::raw, .size = 64 * kMiB});
        ASSERT_OK(created);
        image = std::move(*created);
    }
    void entry(std::uint64_t table_sector, int slot, std::uint8_t type, std::uint32_t start, std::uint32_t count,
               std::uint8_t status = 0) {
        Bytes raw(16);
        raw[0] = std::byte{status};
        raw[4] = std::byte{type};
        store_le<std::uint32_t>(raw.data() + 8, start);
        store_le<std::uint32_t>(raw.data() + 12, count);
        ASSERT_OK(image->write(table_sector * 512 + 446 + static_cast<std::uint64_t>(slot) * 16, raw));
        ASSERT_OK(image->write(table_sector * 512 + 510, Bytes{std::byte{0x55}, std::byte{0xAA}}));
    }
    [[nodiscard]] Result<PartitionTable> read() const { return read_partition_table(*image); }

    TempDirectory directory;
    const std::string path = directory / "disk.raw";
    std::unique_ptr<Image> image;
};

TEST_F(MbrTable, PrimaryAndLogicalPartitionsHaveTheirNumbers) {
    entry(0, 0, 0x07, 1 * kMiBSectors, 8 * kMiBSectors, 0x80);
    entry(0, 2, 0x0F, 10 * kMiBSectors, 40 * kMiBSectors);
    entry(0, 3, 0x83, 52 * kMiBSectors, 4 * kMiBSectors);
    entry(10 * kMiBSectors, 0, 0x07, kMiBSectors, 9 * kMiBSectors);
    entry(10 * kMiBSectors, 1, 0x05, 10 * kMiBSectors, 20 * kMiBSectors); // counts from the extended partition
    entry(20 * kMiBSectors, 0, 0x0B, kMiBSectors, 19 * kMiBSectors);
    const auto table = read();
    ASSERT_OK(table);
    EXPECT_EQ(table->kind, TableKind::mbr);
    ASSERT_EQ(table->partitions.size(), 4u);
    const auto is = [&](std::size_t i, std::uint32_t number, std::uint64_t mib, std::uint64_t size, std::uint8_t type) {
        EXPECT_EQ(table->partitions[i].number, number);
        EXPECT_EQ(table->partitions[i].offset, mib * kMiB);
        EXPECT_EQ(table->partitions[i].size, size * kMiB);
        EXPECT_EQ(table->partitions[i].mbr_type, type);
    };
    is(0, 1, 1, 8, 0x07);
    is(1, 4, 52, 4, 0x83);
    is(2, 5, 11, 9, 0x07);
    is(3, 6, 21, 19, 0x0B);
    if (!have("mmls")) return;
    const auto ran = run("mmls -t dos '" + path + "'");
    for (const std::string start : {"0000002048", "0000022528", "0000043008", "0000106496"})
        EXPECT_NE(ran.output.find(start), std::string::npos) << ran.output;
}

TEST_F(MbrTable, ChainsThatLoopOrLeaveTheDiskAreRefused) {
    entry(0, 0, 0x0F, 10 * kMiBSectors, 40 * kMiBSectors);
    EXPECT_CODE(read(), "disk.bad_partition_table"); // no table in the extended partition
    entry(10 * kMiBSectors, 0, 0x07, kMiBSectors, kMiBSectors);
    EXPECT_CODE(read(), "success");
    entry(10 * kMiBSectors, 1, 0x05, 0, kMiBSectors); // to itself
    EXPECT_CODE(read(), "disk.bad_partition_table");
    entry(10 * kMiBSectors, 1, 0x05, 41 * kMiBSectors, kMiBSectors); // behind the extended partition
    EXPECT_CODE(read(), "disk.bad_partition_table");
    entry(10 * kMiBSectors, 1, 0x05, 10 * kMiBSectors, kMiBSectors);
    entry(20 * kMiBSectors, 0, 0x07, kMiBSectors, kMiBSectors);
    entry(20 * kMiBSectors, 1, 0x05, 0, kMiBSectors); // back to the first
    EXPECT_CODE(read(), "disk.bad_partition_table");
    entry(20 * kMiBSectors, 1, 0, 0, 0);
    EXPECT_CODE(read(), "success");
    entry(20 * kMiBSectors, 0, 0x07, kMiBSectors, 0xFFFFFFFF);
    EXPECT_CODE(read(), "disk.bad_partition_table");
}

TEST_F(MbrTable, LongChainsEnd) {
    entry(0, 0, 0x0F, 2048, 100000);
    for (std::uint32_t i = 0; i < 200; ++i) {
        entry(2048 + i * 10, 0, 0x07, 1, 5);
        if (i + 1 < 200) entry(2048 + i * 10, 1, 0x05, (i + 1) * 10, 6);
    }
    EXPECT_CODE(read(), "disk.bad_partition_table");
    entry(2048 + 99 * 10, 1, 0, 0, 0);
    const auto table = read();
    ASSERT_OK(table);
    EXPECT_EQ(table->partitions.size(), 100u);
}

TEST_F(MbrTable, PartitionBehindTheEndOfTheDiskIsRefused) {
    entry(0, 1, 0x07, 60 * kMiBSectors, 5 * kMiBSectors);
    EXPECT_CODE(read(), "disk.bad_partition_table");
}

TEST_F(MbrTable, BootSectorOfAFileSystemIsNoTable) {
    Bytes boot = pattern(512, 1); // entries made of code
    const std::string_view name = "NTFS    ";
    std::ranges::copy(std::as_bytes(std::span(name)), boot.begin() + 3);
    boot[510] = std::byte{0x55};
    boot[511] = std::byte{0xAA};
    ASSERT_OK(image->write(0, boot));
    const auto table = read();
    ASSERT_OK(table);
    EXPECT_EQ(table->kind, TableKind::none);
}

TEST_F(MbrTable, OldGptBelowANewMbrDoesNotCount) {
    ASSERT_OK(
        write_gpt(*image, Guid::random(), {{partition_type::basic_data(), Guid::random(), "old", kMiB, 5 * kMiB}}));
    entry(0, 0, 0x07, 10 * kMiBSectors, 8 * kMiBSectors);
    const auto table = read();
    ASSERT_OK(table);
    EXPECT_EQ(table->kind, TableKind::mbr);
    ASSERT_EQ(table->partitions.size(), 1u);
    EXPECT_EQ(table->partitions[0].offset, 10 * kMiB);
}

TEST_F(MbrTable, ProtectiveEntryWithoutAnyGptIsDamage) {
    entry(0, 0, 0xEE, 1, 0xFFFFFFFF);
    EXPECT_CODE(read(), "disk.bad_partition_table");
}

} // namespace
} // namespace exhyperv::guest::testing

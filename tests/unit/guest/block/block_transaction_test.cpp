#include "guest/transaction.h"

#include "support.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <unistd.h>

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

class TransactionTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto created = create_image(path, {.size = size, .block_size = 1u << 20});
        ASSERT_OK(created);
        image = std::move(*created);
        model = pattern(size, 1);
        ASSERT_OK(image->write(0, std::span(model).first(8 * kMiB)));
        std::fill(model.begin() + 8 * kMiB, model.end(), std::byte{0});
        ASSERT_OK(image->flush());
    }
    std::unique_ptr<TransactionBlock> begin(std::size_t limit = 64u << 20) {
        auto transaction = TransactionBlock::begin(*image, limit);
        EXPECT_TRUE(transaction.has_value()) << describe(transaction.error());
        return std::move(*transaction);
    }
    void reopen() {
        image.reset();
        auto opened = open_image(path, {.writable = true});
        ASSERT_OK(opened);
        image = std::move(*opened);
    }

    TempDirectory directory;
    const std::string path = directory / "disk.vhdx";
    const std::uint64_t size = 24 * kMiB + 1536; // the last page is cut off by the end of the disk
    std::unique_ptr<Image> image;
    Bytes model;
};

TEST_F(TransactionTest, RandomMixtureReadsLikeAnArrayBeforeAndAfterCommit) {
    Random random(3);
    for (int round = 0; round < 3; ++round) {
        auto transaction = begin();
        for (int i = 0; i < 200; ++i) {
            const auto length = random.below(i % 20 == 0 ? kMiB : 9000) + 1;
            const auto offset = i % 17 == 0 ? size - length : random.below(size - length);
            const auto data = pattern(length, random());
            ASSERT_OK(i % 3 == 0 ? transaction->write_data(offset, data) : transaction->write(offset, data));
            std::ranges::copy(data, model.begin() + static_cast<std::ptrdiff_t>(offset));
            const auto from = random.below(size - 50000);
            ASSERT_TRUE(std::ranges::equal(read_all(*transaction, from, 50000), std::span(model).subspan(from, 50000)))
                << i;
        }
        EXPECT_TRUE(read_all(*transaction, 0, size) == model);
        EXPECT_GT(transaction->dirty_bytes(), 0u);
        ASSERT_OK(transaction->commit());
        EXPECT_EQ(transaction->dirty_bytes(), 0u);
        EXPECT_TRUE(read_all(*transaction, 0, size) == model);
        transaction.reset();
        EXPECT_FALSE(has_leftover_journal(path));
        reopen();
        EXPECT_TRUE(read_all(*image, 0, size) == model);
    }
    image.reset();
    EXPECT_EQ(qemu_check(path), "");
}

TEST_F(TransactionTest, AbortForgetsMetadataAndCutsTheFileBack) {
    const auto length = image->file_size().value();
    auto transaction = begin();
    ASSERT_OK(transaction->write(100, pattern(5000, 9)));
    ASSERT_OK(transaction->write_data(10 * kMiB, pattern(4 * kMiB, 9))); // "free clusters"
    EXPECT_GT(image->file_size().value(), length);
    ASSERT_OK(transaction->abort());
    EXPECT_EQ(image->file_size().value(), length);
    EXPECT_TRUE(read_all(*transaction, 0, size) == model);
    ASSERT_OK(transaction->write(0, pattern(100, 8))); // a new transaction on the same object
    ASSERT_OK(transaction->commit());
    std::ranges::copy(pattern(100, 8), model.begin());
    transaction.reset();
    reopen();
    EXPECT_TRUE(read_all(*image, 0, size) == model);
}

TEST_F(TransactionTest, DestructionWithoutCommitIsAnAbort) {
    const auto length = image->file_size().value();
    {
        auto transaction = begin();
        ASSERT_OK(transaction->write(100, pattern(5000, 9)));
        ASSERT_OK(transaction->write_data(10 * kMiB, pattern(4 * kMiB, 9)));
    }
    EXPECT_EQ(image->file_size().value(), length);
    reopen();
    EXPECT_TRUE(read_all(*image, 0, size) == model);
}

TEST_F(TransactionTest, NothingReachesTheDiskBeforeCommit) {
    auto transaction = begin();
    ASSERT_OK(transaction->write(0, pattern(3 * kMiB, 9)));
    ASSERT_OK(transaction->flush());
    EXPECT_TRUE(read_all(*image, 0, size) == model);
    EXPECT_FALSE(has_leftover_journal(path));
}

TEST_F(TransactionTest, MemoryIsBounded) {
    auto transaction = begin(kMiB);
    ASSERT_OK(transaction->write(0, pattern(kMiB, 9)));
    EXPECT_EQ(transaction->dirty_bytes(), kMiB);
    EXPECT_CODE(transaction->write(kMiB, pattern(1, 9)), "disk.transaction_too_large");
    ASSERT_OK(transaction->write(5, pattern(100, 9)));                  // a page that is held already
    ASSERT_OK(transaction->write_data(2 * kMiB, pattern(4 * kMiB, 9))); // data costs nothing
    EXPECT_EQ(transaction->dirty_bytes(), kMiB);
    ASSERT_OK(transaction->write_data(0, pattern(kMiB, 9))); // and takes the pages it covers out again
    EXPECT_EQ(transaction->dirty_bytes(), 0u);
    ASSERT_OK(transaction->abort());
}

TEST_F(TransactionTest, RefusesReadOnlyImagesAndWhatLiesOutside) {
    auto transaction = begin();
    EXPECT_CODE(transaction->write(size, pattern(1, 1)), "disk.out_of_range");
    EXPECT_CODE(transaction->write_data(UINT64_MAX, pattern(1, 1)), "disk.out_of_range");
    Bytes one(1);
    EXPECT_CODE(transaction->read(size, one), "disk.out_of_range");
    transaction.reset();
    image.reset();
    auto opened = open_image(path, {});
    ASSERT_OK(opened);
    EXPECT_CODE(TransactionBlock::begin(**opened), "disk.read_only");
}

TEST_F(TransactionTest, JournalThatCannotBeWrittenLeavesTheDiskAlone) {
    std::filesystem::create_directory(journal_path(path)); // a name that is taken
    EXPECT_CODE(TransactionBlock::begin(*image), "disk.leftover_journal");
    std::filesystem::remove(journal_path(path));
    auto transaction = begin();
    ASSERT_OK(transaction->write(0, pattern(5000, 9)));
    std::filesystem::create_directory(journal_path(path));
    EXPECT_CODE(transaction->commit(), "disk.exists");
    EXPECT_TRUE(std::filesystem::is_directory(journal_path(path)));
    std::filesystem::remove(journal_path(path));
    EXPECT_TRUE(read_all(*image, 0, size) == model);
    ASSERT_OK(transaction->commit()); // still possible
    std::ranges::copy(pattern(5000, 9), model.begin());
    EXPECT_TRUE(read_all(*image, 0, size) == model);
}

TEST_F(TransactionTest, BeginCutsOffWhatAKilledProcessAppended) {
    const auto length = std::filesystem::file_size(path);
    const auto point = kill_at(1000, [&] {
        auto transaction = begin();
        ASSERT_OK(transaction->write_data(10 * kMiB, pattern(4 * kMiB, 9)));
        ::_exit(0);
    });
    EXPECT_EQ(point, "");
    EXPECT_GT(std::filesystem::file_size(path), length);
    reopen();
    begin().reset();
    EXPECT_EQ(std::filesystem::file_size(path), length);
    EXPECT_TRUE(read_all(*image, 0, size) == model);
}

TEST_F(TransactionTest, JournalLiesBesideTheFileAlsoThroughALink) {
    std::filesystem::create_directory(directory / "links");
    std::filesystem::create_symlink(path, directory / "links/alias.vhdx");
    EXPECT_EQ(journal_path(directory / "links/alias.vhdx"), journal_path(path));
    EXPECT_EQ(journal_path(path), std::filesystem::canonical(path).string() + ".exhyperv-journal");
}

} // namespace
} // namespace exhyperv::guest::testing

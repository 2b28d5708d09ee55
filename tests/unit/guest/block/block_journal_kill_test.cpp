#include "guest/transaction.h"

#include "support.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>

// The process is ended at every named point of a commit, and again at every point of the recovery. Afterwards the disk
// must be what it was, or what it was to be; never anything between.

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20, kSize = 24 * kMiB;

struct Case {
    std::string name;
    ImageFormat format;
};

class KilledCommit : public ::testing::TestWithParam<Case> {
  protected:
    void create(const std::string& path) {
        std::filesystem::remove(path);
        const auto& format = GetParam().format;
        const bool child = format == ImageFormat::vhdx_differencing || format == ImageFormat::vhd_differencing;
        const auto base = directory / "base";
        if (child && !std::filesystem::exists(base)) {
            const auto parent =
                format == ImageFormat::vhdx_differencing ? ImageFormat::vhdx_dynamic : ImageFormat::vhd_dynamic;
            auto image = create_image(base, {.format = parent, .size = kSize, .block_size = 1u << 20});
            ASSERT_OK(image);
            ASSERT_OK((*image)->write(0, pattern(kSize, 20)));
            ASSERT_OK((*image)->flush());
        }
        auto image = create_image(path, {.format = format, .size = kSize, .block_size = 1u << 20, .parent = base});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(0, pattern(4 * kMiB, 1)));
        ASSERT_OK((*image)->flush());
        before = read_all(**image, 0, kSize);
        after = before;
        for (const auto& [offset, data] : metadata())
            std::ranges::copy(data, after.begin() + static_cast<std::ptrdiff_t>(offset));
        const auto data = pattern(kData, 7);
        std::ranges::copy(data, after.begin() + kDataAt);
    }
    /// Pages here and there: in blocks that exist, in blocks that do not, many in a row, and at the very end.
    static std::vector<std::pair<std::uint64_t, Bytes>> metadata() {
        return {{512, pattern(1024, 2)},
                {3 * kMiB - 100, pattern(900000, 3)},
                {9 * kMiB + 4096, pattern(4096, 4)},
                {18 * kMiB, pattern(300 * 4096, 5)},
                {kSize - 512, pattern(512, 6)}};
    }
    static constexpr std::uint64_t kDataAt = 11 * kMiB + 4096, kData = 3 * kMiB;

    /// Outside of what write_data() was given: those were free clusters, and may hold anything until they are named.
    static bool same_but_data(const Bytes& disk, const Bytes& model) {
        return std::equal(disk.begin(), disk.begin() + kDataAt, model.begin()) &&
               std::equal(disk.begin() + kDataAt + kData, disk.end(), model.begin() + kDataAt + kData);
    }

    TempDirectory directory;
    Bytes before, after;
};

TEST_P(KilledCommit, LeavesTheOldOrTheNewDisk) {
    const auto path = directory / "disk";
    const bool check = have("qemu-img") &&
                       (GetParam().format == ImageFormat::vhdx_dynamic || GetParam().format == ImageFormat::vhdx_fixed);
    std::set<std::string> points;
    int redone = 0;
    for (int count = 1;; ++count) {
        create(path);
        const auto point = kill_at(count, [&] {
            auto image = open_image(path, {.writable = true});
            ASSERT_OK(image);
            auto transaction = TransactionBlock::begin(**image);
            ASSERT_OK(transaction);
            ASSERT_OK((*transaction)->write_data(kDataAt, pattern(kData, 7)));
            for (const auto& [offset, data] : metadata())
                ASSERT_OK((*transaction)->write(offset, data));
            ASSERT_OK((*transaction)->commit());
        });
        if (point.empty()) break;
        SCOPED_TRACE(point + ", point " + std::to_string(count));
        points.insert(point);
        const bool leftover = has_leftover_journal(path);
        // The recovery itself is killed at its first point, then at its second, and so on, until it comes through.
        for (int again = 1;; ++again) {
            const auto where = kill_at(again, [&] {
                auto image = open_image(path, {.writable = true});
                ASSERT_OK(image);
                ASSERT_OK(recover_journal(**image));
            });
            if (where.empty()) break;
        }
        auto image = open_image(path, {.writable = true});
        ASSERT_OK(image);
        const auto state = recover_journal(**image);
        ASSERT_OK(state);
        EXPECT_EQ(*state, LeftoverJournal::none);
        EXPECT_FALSE(has_leftover_journal(path));
        const auto disk = read_all(**image, 0, kSize);
        const bool is_new = disk == after;
        EXPECT_TRUE(is_new || same_but_data(disk, before));
        redone += is_new && leftover;
        const bool must_be_new = point == "transaction.journal_flushed" || point == "transaction.page_written" ||
                                 point == "transaction.pages_flushed" || point == "transaction.journal_removed";
        if (must_be_new) {
            EXPECT_TRUE(is_new);
        }
        ASSERT_OK(TransactionBlock::begin(**image));
        image->reset();
        if (check) {
            EXPECT_EQ(qemu_check(path), "");
        }
    }
    EXPECT_GT(redone, 5);
    for (const char* point : {"transaction.data_flushed", "transaction.journal_half_written",
                              "transaction.journal_written", "transaction.journal_flushed", "transaction.page_written",
                              "transaction.pages_flushed", "transaction.journal_removed"})
        EXPECT_TRUE(points.contains(point)) << point;
    auto image = open_image(path, {});
    ASSERT_OK(image);
    EXPECT_TRUE(read_all(**image, 0, kSize) == after);
}

TEST_P(KilledCommit, WhileWritingInPlaceLeavesTheImageItselfClean) {
    // Room was taken before: no table changes any more, so no log is left to replay.
    const auto path = directory / "disk";
    for (int count = 1;; ++count) {
        create(path);
        const auto point = kill_at(count, [&] {
            auto image = open_image(path, {.writable = true});
            ASSERT_OK(image);
            auto transaction = TransactionBlock::begin(**image);
            ASSERT_OK(transaction);
            for (const auto& [offset, data] : metadata())
                ASSERT_OK((*transaction)->write(offset, data));
            ASSERT_OK((*transaction)->commit());
        });
        if (point.empty()) break;
        if (!point.starts_with("transaction.")) continue;
        SCOPED_TRACE(point);
        EXPECT_CODE(open_image(path, {}), "success"); // refuses an unclean log
        const auto journal = journal_path(path);
        std::filesystem::remove(journal);
    }
}

INSTANTIATE_TEST_SUITE_P(Block, KilledCommit,
                         ::testing::Values(Case{"raw", ImageFormat::raw},
                                           Case{"vhdx_dynamic", ImageFormat::vhdx_dynamic},
                                           Case{"vhdx_fixed", ImageFormat::vhdx_fixed},
                                           Case{"vhdx_differencing", ImageFormat::vhdx_differencing},
                                           Case{"vhd_dynamic", ImageFormat::vhd_dynamic},
                                           Case{"vhd_differencing", ImageFormat::vhd_differencing}),
                         [](const auto& test) { return test.param.name; });

class LeftoverJournalTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto image = create_image(path, {.size = kSize, .block_size = 1u << 20});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(0, pattern(4 * kMiB, 1)));
        ASSERT_OK((*image)->flush());
        image->reset();
        int count = 1;
        while (kill_commit(count) != "transaction.journal_flushed")
            ++count;
        journal = read_host_file(journal_path(path));
    }
    std::string kill_commit(int count) {
        std::filesystem::remove(journal_path(path));
        return kill_at(count, [&] {
            auto image = open_image(path, {.writable = true});
            ASSERT_OK(image);
            auto transaction = TransactionBlock::begin(**image);
            ASSERT_OK(transaction);
            ASSERT_OK((*transaction)->write(100, pattern(9000, 2)));
            ASSERT_OK((*transaction)->commit());
        });
    }
    /// Opens, recovers, and says what came of it.
    Result<LeftoverJournal> recover() {
        auto image = open_image(path, {.writable = true});
        if (!image) return fail(image.error());
        return recover_journal(**image);
    }
    Bytes disk(std::size_t length) {
        auto image = open_image(path, {});
        return image ? read_all(**image, 0, length) : Bytes();
    }

    TempDirectory directory;
    const std::string path = directory / "disk.vhdx";
    Bytes journal;
};

TEST_F(LeftoverJournalTest, EveryCutAndEveryChangedByteIsDropped) {
    const auto before = disk(20000);
    for (std::size_t length = 0; length < journal.size(); length += length < 200 ? 1 : 997) {
        write_host_file(journal_path(path),
                        Bytes(journal.begin(), journal.begin() + static_cast<std::ptrdiff_t>(length)));
        const auto state = recover();
        ASSERT_OK(state);
        EXPECT_EQ(*state, LeftoverJournal::dropped) << length;
    }
    for (std::size_t at = 0; at < journal.size(); at += at < 200 ? 1 : 499) {
        auto changed = journal;
        changed[at] ^= std::byte{0x10};
        write_host_file(journal_path(path), changed);
        const auto state = recover();
        ASSERT_OK(state);
        EXPECT_EQ(*state, LeftoverJournal::dropped) << at;
    }
    EXPECT_TRUE(disk(20000) == before);
}

TEST_F(LeftoverJournalTest, RefusedWhenTheImageWasWrittenSince) {
    {
        auto image = open_image(path, {.writable = true});
        ASSERT_OK(image);
        EXPECT_CODE(TransactionBlock::begin(**image), "disk.leftover_journal");
        ASSERT_OK((*image)->write(8 * kMiB, pattern(10, 1))); // a VM was started in spite of everything
        ASSERT_OK((*image)->flush());
    }
    EXPECT_CODE(recover(), "disk.foreign_journal");
    EXPECT_TRUE(has_leftover_journal(path));
}

TEST_F(LeftoverJournalTest, RefusedForAnotherImage) {
    const auto other = directory / "other.vhdx";
    {
        auto image = create_image(other, {.size = kSize, .block_size = 1u << 20});
        ASSERT_OK(image);
        std::filesystem::rename(journal_path(path), journal_path(other));
        EXPECT_CODE(recover_journal(**image), "disk.foreign_journal");
    }
    EXPECT_TRUE(std::filesystem::exists(journal_path(other)));
}

TEST_F(LeftoverJournalTest, MovesWithTheImage) {
    const auto moved = directory / "moved.vhdx";
    std::filesystem::rename(path, moved);
    std::filesystem::rename(directory / "disk.vhdx.exhyperv-journal", journal_path(moved));
    auto image = open_image(moved, {.writable = true});
    ASSERT_OK(image);
    const auto state = recover_journal(**image);
    ASSERT_OK(state);
    EXPECT_EQ(*state, LeftoverJournal::redone);
    EXPECT_TRUE(read_all(**image, 100, 9000) == pattern(9000, 2));
}

TEST_F(LeftoverJournalTest, ReadOnlyImageIsLeftAlone) {
    auto image = open_image(path, {});
    ASSERT_OK(image);
    EXPECT_CODE(recover_journal(**image), "disk.read_only");
    EXPECT_TRUE(has_leftover_journal(path));
}

} // namespace
} // namespace exhyperv::guest::testing

#include "ext4_disk.h"

#include "guest/block/commit_probe.h"

#include <csignal>
#include <sys/wait.h>

namespace exhyperv::guest {
namespace {

using namespace testing;

constexpr int kFiles = 20;

std::string old_name(int i) {
    return "old" + std::to_string(i);
}
std::vector<std::byte> old_content(int i) {
    return synthetic_bytes(static_cast<std::uint64_t>(i), 1000u + 5000u * static_cast<unsigned>(i));
}

/// Replaces, removes, renames and adds: every kind of change in one commit.
Result<> change(GuestVolume& volume) {
    for (int i = 0; i < kFiles; ++i) {
        const auto size = 900u + 9000u * static_cast<unsigned>(i);
        const auto data = synthetic_bytes(static_cast<std::uint64_t>(1000 + i), size);
        if (i % 3 == 0) TRY(volume.replace(old_name(i), {.size = size}, source_of(data)));
        if (i % 3 == 1) TRY(volume.remove(old_name(i)));
        TRY(volume.make_directories("new/d" + std::to_string(i % 4)));
        TRY(volume.write_new("new/d" + std::to_string(i % 4) + "/f" + std::to_string(i), {.size = size},
                             source_of(data)));
    }
    return volume.rename(old_name(2), "renamed");
}

Result<std::unique_ptr<GuestVolume>> make_volume(Image& image, std::unique_ptr<TransactionBlock>& transaction) {
    TRY_ASSIGN(transaction, TransactionBlock::begin(image));
    return open_ext4(*transaction, 0, image.size());
}

class Ext4Crash : public ::testing::TestWithParam<std::pair<const char*, int>> {};

TEST_P(Ext4Crash, AKillLeavesTheVolumeAsItWasOrComplete) {
    NEED_TOOL("qemu-img");
    const auto [point, times] = GetParam();
    ScratchDirectory scratch;
    const auto path = scratch.file("root.vhdx");
    {
        auto image = create_image(path, {.size = 64u << 20, .block_size = 1u << 20});
        ASSERT_TRUE(image) << describe(image.error());
        ASSERT_TRUE(format_ext4(**image, 0, (*image)->size(), {}));
        std::unique_ptr<TransactionBlock> transaction;
        auto volume = make_volume(**image, transaction);
        ASSERT_TRUE(volume) << describe(volume.error());
        for (int i = 0; i < kFiles; ++i)
            ASSERT_TRUE((*volume)->write_new(old_name(i), {.size = old_content(i).size()}, source_of(old_content(i))));
        ASSERT_TRUE((*volume)->commit());
    }
    const auto child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto image = open_image(path, {.writable = true});
        std::unique_ptr<TransactionBlock> transaction;
        auto volume = make_volume(**image, transaction);
        if (!volume || !change(**volume)) _exit(3);
        testing::set_commit_probe([point = point, left = times](std::string_view at) mutable {
            if (at == point && --left == 0) ::raise(SIGKILL);
        });
        _exit((*volume)->commit() ? 4 : 3);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << point << " was not reached: " << WEXITSTATUS(status);

    const bool journal = has_leftover_journal(path);
    bool all = false;
    {
        auto image = open_image(path, {.writable = true});
        ASSERT_TRUE(image) << describe(image.error());
        ASSERT_TRUE(recover_journal(**image));
        auto volume = open_ext4_read_only(**image, 0, (*image)->size());
        ASSERT_TRUE(volume) << describe(volume.error());
        all = (*volume)->stat("renamed").value().has_value();
        EXPECT_EQ((*volume)->stat("new").value().has_value(), all);
        for (int i = 0; i < kFiles; ++i) {
            const auto fresh =
                synthetic_bytes(static_cast<std::uint64_t>(1000 + i), 900u + 9000u * static_cast<unsigned>(i));
            if (!all) {
                EXPECT_TRUE((*volume)->read_file(old_name(i), 1u << 20).value() == old_content(i)) << i;
                continue;
            }
            EXPECT_TRUE(
                (*volume)->read_file("new/d" + std::to_string(i % 4) + "/f" + std::to_string(i), 1u << 20).value() ==
                fresh)
                << i;
            if (i % 3 == 0) {
                EXPECT_TRUE((*volume)->read_file(old_name(i), 1u << 20).value() == fresh) << i;
            }
            EXPECT_EQ((*volume)->stat(old_name(i)).value().has_value(), i % 3 != 1 && i != 2) << i;
        }
    }
    if (journal && std::string_view(point) == "transaction.page_written") {
        EXPECT_TRUE(all) << "the journal was redone";
    }
    const auto raw = scratch.file("root.raw");
    ASSERT_EQ(run_tool("qemu-img convert -O raw " + path + " " + raw).status, 0);
    const auto check = run_tool("e2fsck -fn " + raw);
    EXPECT_EQ(check.status, 0) << check.output;
}

INSTANTIATE_TEST_SUITE_P(
    AtEveryPointOfACommit, Ext4Crash,
    ::testing::Values(std::pair{"transaction.data_flushed", 1}, std::pair{"transaction.journal_half_written", 1},
                      std::pair{"transaction.journal_written", 1}, std::pair{"transaction.journal_flushed", 1},
                      std::pair{"transaction.page_written", 1}, std::pair{"transaction.page_written", 3},
                      std::pair{"transaction.pages_flushed", 1}, std::pair{"transaction.journal_removed", 1}));

} // namespace
} // namespace exhyperv::guest

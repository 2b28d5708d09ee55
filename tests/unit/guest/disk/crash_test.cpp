#include "windows_image.h"

#include "guest/block/commit_probe.h"

#include <csignal>
#include <sys/wait.h>

namespace exhyperv::guest {
namespace {

using namespace testing;

constexpr int kFiles = 30;

/// Replaces, removes, renames and adds: every kind of change in one commit.
void change(GuestDisk& disk) {
    auto& volume = disk.volume();
    for (int i = 0; i < kFiles; ++i) {
        auto name = "Windows/old" + std::to_string(i);
        auto size = 1000u + 9000u * static_cast<unsigned>(i);
        if (i % 3 == 0 && !volume.replace(name, {.size = size}, source_of(synthetic_bytes(1000 + i, size)))) _exit(3);
        if (i % 3 == 1 && !volume.remove(name)) _exit(3);
        if (!volume.make_directories("Windows/new/d" + std::to_string(i % 7))) _exit(3);
        NewFile file{.size = size, .attributes = kReadOnly | kArchive};
        if (!volume.write_new("Windows/new/d" + std::to_string(i % 7) + "/f" + std::to_string(i), file,
                              source_of(synthetic_bytes(2000 + i, size))))
            _exit(3);
    }
    auto hive = disk.read_hive("SYSTEM");
    if (!hive || !hive->apply({set_dword("ControlSet001\\Services\\nvlddmkm", "Start", 3)}) ||
        !disk.write_hive("SYSTEM", *hive))
        _exit(3);
    if (!volume.rename("Windows/old2", "Windows/renamed")) _exit(3);
}

std::vector<std::byte> old_content(int i) {
    return synthetic_bytes(i, 1000u + 5000u * static_cast<unsigned>(i));
}

/// Everything as before the change, or everything as after it; nothing between.
void expect_all_or_nothing(const std::string& path, bool all) {
    auto disk = open_guest(path);
    ASSERT_TRUE(disk);
    auto& volume = disk->volume();
    EXPECT_EQ(*volume.stat("Windows/renamed") != std::nullopt, all);
    EXPECT_EQ(*volume.stat("Windows/new") != std::nullopt, all);
    EXPECT_EQ(disk->read_hive("SYSTEM")->has_key("ControlSet001\\Services\\nvlddmkm"), all);
    for (int i = 0; i < kFiles; ++i) {
        auto name = "Windows/old" + std::to_string(i);
        auto size = 1000u + 9000u * static_cast<unsigned>(i);
        if (all) {
            if (i % 3 == 0) {
                EXPECT_EQ(*volume.read_file(name, 1u << 20), synthetic_bytes(1000 + i, size)) << name;
            } else if (i % 3 == 1) {
                EXPECT_FALSE(*volume.stat(name));
            }
            EXPECT_EQ(*volume.read_file("Windows/new/d" + std::to_string(i % 7) + "/f" + std::to_string(i), 1u << 20),
                      synthetic_bytes(2000 + i, size));
        } else {
            EXPECT_EQ(*volume.read_file(name, 1u << 20), old_content(i)) << name;
        }
    }
}

class Crash : public ::testing::TestWithParam<std::pair<const char*, int>> {};

TEST_P(Crash, AKillLeavesTheDiskAsItWasOrComplete) {
    const auto [point, times] = GetParam();
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path, {.more = [](GuestVolume& volume) {
                   for (int i = 0; i < kFiles; ++i)
                       put_file(volume, "Windows/old" + std::to_string(i), old_content(i));
               }});
    auto child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto disk = GuestDisk::open(path, {});
        if (!disk) _exit(3);
        change(**disk);
        testing::set_commit_probe([wanted = std::string_view(point), left = times](std::string_view reached) mutable {
            if (reached == wanted && --left == 0) raise(SIGKILL);
        });
        _exit((*disk)->commit() ? 0 : 3);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the point " << point << " was not reached " << times << " times; status "
                                     << status;

    // From the moment the journal is whole, the change is made; before, it never was.
    std::string_view name(point);
    bool all = name == "transaction.journal_flushed" || name == "transaction.page_written" ||
               name == "transaction.pages_flushed" || name == "transaction.journal_removed" ||
               (name == "transaction.journal_written");
    expect_all_or_nothing(path, all);
    EXPECT_FALSE(has_leftover_journal(path));
    if (have_tool("qemu-img") && have_tool("ntfsresize")) {
        EXPECT_EQ(run_tool("qemu-img check '" + path + "'").status, 0);
        expect_sound_volume(extract_volume(scratch, path, 256u << 20));
    }
}

INSTANTIATE_TEST_SUITE_P(
    AtEveryPointOfACommit, Crash,
    ::testing::Values(std::pair{"transaction.data_flushed", 1}, std::pair{"transaction.journal_half_written", 1},
                      std::pair{"transaction.journal_written", 1}, std::pair{"transaction.journal_flushed", 1},
                      std::pair{"transaction.page_written", 1}, std::pair{"transaction.page_written", 3},
                      std::pair{"transaction.page_written", 7}, std::pair{"transaction.pages_flushed", 1},
                      std::pair{"transaction.journal_removed", 1}, std::pair{"vhdx.log_written", 1},
                      std::pair{"vhdx.log_marked", 1}, std::pair{"vhdx.page_applied", 1},
                      std::pair{"vhdx.log_applied", 1}, std::pair{"vhdx.log_cleared", 1}),
    [](const auto& each) {
        std::string name = std::string(each.param.first) + "_" + std::to_string(each.param.second);
        for (auto& letter : name)
            if (letter == '.') letter = '_';
        return name;
    });

TEST(CrashBeforeTheCommit, AKillWhileWritingLeavesTheDiskAsItWas) {
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path, {.more = [](GuestVolume& volume) {
                   for (int i = 0; i < kFiles; ++i)
                       put_file(volume, "Windows/old" + std::to_string(i), old_content(i));
               }});
    auto child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto disk = GuestDisk::open(path, {});
        if (!disk) _exit(3);
        change(**disk);
        raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    expect_all_or_nothing(path, false);
}

} // namespace
} // namespace exhyperv::guest

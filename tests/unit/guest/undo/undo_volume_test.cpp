#include "guest/undo/undo_volume.h"

#include "dying_volume.h"
#include "guest/undo/undo_recovery.h"

#include <cstring>

#include <gtest/gtest.h>

namespace exhyperv::guest::test {
namespace {

constexpr const char* kStore = "Windows\\System32\\HostDriverStore\\FileRepository\\nv";

ByteSource text_source(std::string text) {
    return [text = std::move(text), at = std::size_t{0}](std::span<std::byte> out) mutable -> Result<std::size_t> {
        const auto length = std::min(out.size(), text.size() - at);
        std::memcpy(out.data(), text.data() + at, length);
        at += length;
        return length;
    };
}

Result<> write(GuestVolume& volume, const std::string& path, const std::string& text) {
    return volume.write_new(path, {.size = text.size()}, text_source(text));
}

/// What an import does, and a purge of what an earlier one left.
Result<> change_everything(GuestVolume& volume) {
    TRY(volume.make_directories(kStore));
    TRY(write(volume, std::string(kStore) + "\\nv.dll", "driver"));
    TRY(volume.set_attributes(std::string(kStore) + "\\nv.dll", kReadOnly));
    TRY(volume.set_attributes(kStore, kDirectory | kReadOnly));
    TRY(volume.make_symlink("Windows\\System32\\nvlink.dll", "HostDriverStore\\nv.dll", false));
    TRY(volume.make_junction("Windows\\System32\\ngx", "C:\\Windows\\x"));
    TRY(write(volume, "Windows\\System32\\new.dll", "new"));
    TRY(volume.replace("Windows\\System32\\old.dll", {.size = 9}, text_source("different")));
    TRY(volume.replace("Windows\\System32\\config\\SYSTEM", {.size = 6}, text_source("hive 2")));
    TRY(volume.replace("Windows\\System32\\config\\SYSTEM", {.size = 6}, text_source("hive 3")));
    TRY(volume.rename("Windows\\System32\\shared.dll", "Windows\\System32\\shared.dll.before"));
    TRY(write(volume, "Windows\\System32\\shared.dll", "ours"));
    TRY(volume.set_attributes("Windows\\System32\\plain.dll", kReadOnly | kArchive));
    TRY(volume.set_modified("Windows\\System32\\plain.dll", 42));
    TRY(volume.remove("Windows\\System32\\gone.dll"));
    TRY(volume.remove_tree("Windows\\Older"));
    TRY(volume.make_directories("Windows\\Older"));
    return write(volume, "Windows\\Older\\again.txt", "again");
}

class Undo : public testing::Test {
  protected:
    Undo() { fill(memory); }
    static void fill(MemoryVolume& volume) {
        for (const auto* name :
             {"old.dll", "shared.dll", "plain.dll", "gone.dll", "config\\SYSTEM", "config\\SOFTWARE"})
            volume.add("Windows\\System32\\" + std::string(name), std::string("old ") + name);
        volume.add("Windows\\Older\\pack\\a.dll", "a", kReadOnly);
        volume.add("Windows\\Older\\pack\\b.dll", "b");
    }
    /// The place outside of the volume where the log's name is told.
    static UndoVolume::Marks marks(std::optional<Guid>& id) {
        return {[&id](const Guid& begun) -> Result<> {
                    id = begun;
                    return {};
                },
                [&id]() -> Result<> {
                    id.reset();
                    return {};
                }};
    }
    MemoryVolume memory;
    std::optional<Guid> id;
};

TEST_F(Undo, WhatIsCommittedStaysAndLeavesNoLog) {
    UndoVolume volume(std::make_unique<DyingVolume>(memory), marks(id));
    ASSERT_TRUE(change_everything(volume));
    ASSERT_TRUE(volume.commit());
    EXPECT_EQ(memory.text("Windows\\System32\\old.dll"), "different");
    EXPECT_EQ(memory.text("Windows\\System32\\config\\SYSTEM"), "hive 3");
    EXPECT_EQ(memory.text("Windows\\System32\\shared.dll.before"), "old shared.dll");
    EXPECT_EQ(memory.text("Windows\\System32\\shared.dll"), "ours");
    EXPECT_EQ(memory.text("Windows\\System32\\gone.dll"), "(missing)");
    EXPECT_EQ(memory.text("Windows\\Older\\pack\\a.dll"), "(missing)");
    EXPECT_EQ(memory.stat("Windows\\System32\\plain.dll").value()->modified, 42u);
    EXPECT_FALSE(has_leftover_undo(memory).value());
}

TEST_F(Undo, WhatIsAbortedIsAsItWas) {
    const auto before = memory.listing();
    {
        UndoVolume volume(std::make_unique<DyingVolume>(memory), marks(id));
        ASSERT_TRUE(change_everything(volume));
        EXPECT_NE(memory.listing(), before);
        ASSERT_TRUE(volume.abort());
        EXPECT_EQ(memory.listing(), before);
        EXPECT_EQ(write(volume, "late.txt", "x").error().code, "guest.transaction_over");
    }
    {
        UndoVolume volume(std::make_unique<DyingVolume>(memory), marks(id));
        ASSERT_TRUE(change_everything(volume)); // let go of without a word
    }
    EXPECT_EQ(memory.listing(), before);
}

TEST_F(Undo, ASecondTransactionOfTheSameVolumeIsTakenBackAlone) {
    UndoVolume volume(std::make_unique<DyingVolume>(memory), marks(id));
    ASSERT_TRUE(write(volume, "Windows\\first.txt", "1"));
    ASSERT_TRUE(volume.commit());
    const auto between = memory.listing();
    ASSERT_TRUE(volume.remove("Windows\\first.txt"));
    ASSERT_TRUE(write(volume, "Windows\\first.txt", "2"));
    ASSERT_TRUE(volume.abort());
    EXPECT_EQ(memory.listing(), between);
}

/// Dies at every single change of the volume, three ways; whoever opens the volume next brings it to before or after.
TEST_F(Undo, ADeathAtAnyChangeLeavesItAsItWasOrComplete) {
    const auto before = memory.listing();
    MemoryVolume whole;
    fill(whole);
    {
        UndoVolume volume(std::make_unique<DyingVolume>(whole), marks(id));
        ASSERT_TRUE(change_everything(volume));
        ASSERT_TRUE(volume.commit());
    }
    const auto after = whole.listing();
    ASSERT_NE(before, after);
    std::size_t rolled_back = 0, complete = 0, finished = 0;
    for (const auto last : {DyingVolume::Last::not_begun, DyingVolume::Last::half, DyingVolume::Last::done})
        for (std::size_t at = 1;; ++at) {
            MemoryVolume disk;
            fill(disk);
            bool survived = false;
            {
                auto dying = std::make_unique<DyingVolume>(disk, at, last);
                const auto& state = *dying;
                UndoVolume volume(std::move(dying), marks(id));
                survived = change_everything(volume) && volume.commit();
                EXPECT_TRUE(survived || state.dead()) << at;
            }
            if (survived) break;
            DyingVolume next(disk);
            const auto recovered = recover_undo(next, id);
            ASSERT_TRUE(recovered) << at << ": " << describe(recovered.error());
            const auto found = disk.listing();
            ASSERT_TRUE(found == before || found == after) << "died at change " << at;
            (*recovered == LeftoverUndo::rolled_back ? rolled_back : complete) += 1;
            finished += found == after ? 1u : 0u;
        }
    EXPECT_GT(rolled_back, 60u);
    EXPECT_GT(finished, 30u);
    EXPECT_GT(complete, 0u);
}

/// The recovery dies as well, at every change, and is begun again.
TEST_F(Undo, ADeathInTheRecoveryIsRecoveredToo) {
    const auto before = memory.listing();
    for (std::size_t at = 1;; ++at) {
        MemoryVolume disk;
        fill(disk);
        {
            UndoVolume volume(std::make_unique<DyingVolume>(disk, 70, DyingVolume::Last::done), marks(id));
            (void)change_everything(volume);
        }
        ASSERT_TRUE(has_leftover_undo(disk).value());
        DyingVolume dying(disk, at, DyingVolume::Last::done);
        if (recover_undo(dying, id)) break;
        DyingVolume next(disk);
        const auto again = recover_undo(next, id);
        ASSERT_TRUE(again) << at << ": " << describe(again.error());
        ASSERT_EQ(disk.listing(), before) << "the recovery died at change " << at;
    }
}

TEST_F(Undo, AFileThatCannotBeReadLeavesTheOldOne) {
    const auto before = memory.listing();
    UndoVolume volume(std::make_unique<DyingVolume>(memory), marks(id));
    const auto refused =
        volume.replace("Windows\\System32\\old.dll", {.size = 3},
                       [](std::span<std::byte>) -> Result<std::size_t> { return fail("drivers.unreadable", {}); });
    EXPECT_EQ(refused.error().code, "drivers.unreadable");
    EXPECT_EQ(memory.text("Windows\\System32\\old.dll"), "old old.dll");
    ASSERT_TRUE(volume.commit());
    EXPECT_EQ(memory.listing(), before);
}

TEST_F(Undo, ItsRulesAreThoseOfAnyVolume) {
    UndoVolume volume(std::make_unique<DyingVolume>(memory), marks(id));
    EXPECT_EQ(write(volume, "Windows\\System32\\old.dll", "x").error().code, "guest.exists");
    EXPECT_EQ(volume.replace("nothing", {}, text_source("")).error().code, "guest.not_found");
    EXPECT_EQ(volume.replace("Windows", {}, text_source("")).error().code, "guest.is_a_directory");
    EXPECT_EQ(volume.remove("Windows\\Older").error().code, "guest.directory_not_empty");
    EXPECT_EQ(volume.rename("Windows\\System32\\old.dll", "Windows\\System32\\gone.dll").error().code, "guest.exists");
    EXPECT_EQ(volume.set_modified("nothing", 1).error().code, "guest.not_found");
    EXPECT_TRUE(volume.make_directories("Windows\\System32"));
    ASSERT_TRUE(write(volume, "Windows\\x", "x"));
    const auto entries = volume.list("");
    ASSERT_TRUE(entries);
    for (const auto& entry : *entries)
        EXPECT_NE(entry.name, kUndoDirectory);
}

TEST_F(Undo, ALogThatMakesNoSenseIsLeftAlone) {
    id = Guid::random();
    memory.add("ExHyperV.undo\\id", undo_id_text(*id));
    memory.add("ExHyperV.undo\\0000000001.undo", "rubbish");
    memory.add("ExHyperV.undo\\0000000002.undo", "made\nWindows\\x\n\n0\nend\n");
    const auto before = memory.listing();
    const auto refused = recover_undo(memory, id);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "guest.undo_unreadable");
    EXPECT_EQ(memory.listing(), before);
}

TEST_F(Undo, ARecordThatCannotBeTakenBackIsNamedAndTheLogStays) {
    id = Guid::random();
    memory.add("ExHyperV.undo\\id", undo_id_text(*id));
    memory.add("ExHyperV.undo\\kept\\1", "older");
    memory.add("ExHyperV.undo\\0000000001.undo", "moved\nWindows\\System32\\old.dll\nExHyperV.undo\\kept\\1\n0\nend\n");
    const auto refused = recover_undo(memory, id);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "guest.undo_failed");
    EXPECT_EQ(*refused.error().arg("path"), "Windows\\System32\\old.dll");
    EXPECT_TRUE(has_leftover_undo(memory).value());
}

} // namespace
} // namespace exhyperv::guest::test

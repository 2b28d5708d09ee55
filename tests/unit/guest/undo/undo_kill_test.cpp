#include "tree_volume.h"

#include <gtest/gtest.h>

#include <random>

namespace exhyperv::guest {
namespace {

using namespace test;

/// Every kind of change, on the guest's own things and on what the change itself made.
Result<> change(GuestVolume& volume) {
    const std::string store = "Windows\\System32\\Store", fresh = "Windows\\System32\\HostDriverStore\\pkg";
    TRY(volume.make_directories(fresh + "\\sub"));
    TRY(put_text(volume, fresh + "\\a.sys", "new a"));
    TRY(put_text(volume, fresh + "\\sub\\b.sys", "new b"));
    TRY(volume.set_attributes(fresh + "\\a.sys", kReadOnly | kArchive));
    TRY(volume.replace("Windows\\System32\\config\\SYSTEM", {.size = 12}, text_source("the new hive")));
    TRY(volume.replace("windows\\SYSTEM32\\config\\system", {.size = 14}, text_source("once more, new")));
    TRY(volume.remove("Windows\\System32\\driver.dll"));
    TRY(volume.make_symlink("Windows\\System32\\driver.dll", "HostDriverStore\\pkg\\a.sys", false));
    TRY(volume.make_junction("Windows\\System32\\link", "C:\\Windows"));
    TRY(volume.set_attributes(store + "\\old\\a.sys", kReadOnly));
    TRY(volume.set_modified(store + "\\old\\a.sys", 99));
    TRY(volume.rename(store + "\\old\\b.sys", fresh + "\\b-of-the-guest.sys")); // into what goes when taken back
    TRY(volume.rename(fresh, "Windows\\System32\\HostDriverStore\\renamed"));
    TRY(volume.remove("Windows\\System32\\HostDriverStore\\renamed\\b-of-the-guest.sys"));
    TRY(volume.remove_tree(store + "\\old"));
    TRY(volume.make_directories(store + "\\old"));
    TRY(put_text(volume, store + "\\old\\c.sys", "new c"));
    TRY(volume.remove_tree("Windows\\System32\\HostDriverStore\\renamed\\sub"));
    return volume.commit();
}

Tree after_change() {
    TreeDisk disk = small_guest();
    auto program = start_program(disk, std::make_shared<std::size_t>(kForever));
    const auto done = change(*program);
    EXPECT_TRUE(done) << done.error().code;
    EXPECT_FALSE(disk.marker);
    return disk.now;
}

enum class Loss { nothing, what_was_not_flushed };

/// Kills the program after `steps`; false when it had come to its end before.
bool killed_after(std::size_t steps, Loss loss, TreeDisk& disk, const std::function<Result<>(GuestVolume&)>& work) {
    auto left = std::make_shared<std::size_t>(steps);
    auto program = start_program(disk, left);
    const bool finished = work(*program).has_value();
    *left = 0; // nor does its destructor get to do anything
    program.reset();
    if (loss == Loss::what_was_not_flushed) disk.now = disk.flushed;
    return !finished;
}

void expect_before_or_after(const TreeDisk& disk, const Tree& before, const Tree& after, std::size_t steps) {
    EXPECT_TRUE(disk.now == before || disk.now == after) << "killed after " << steps;
    EXPECT_FALSE(disk.marker);
}

TEST(UndoKill, after_any_step_the_guest_is_as_it_was_or_complete) {
    const Tree before = small_guest().now, after = after_change();
    ASSERT_NE(before, after);
    for (const auto loss : {Loss::nothing, Loss::what_was_not_flushed}) {
        std::size_t steps = 0, as_before = 0;
        for (bool killed = true; killed; ++steps) {
            TreeDisk disk = small_guest();
            killed = killed_after(steps, loss, disk, change);
            ASSERT_TRUE(settle(disk)) << steps;
            expect_before_or_after(disk, before, after, steps);
            as_before += disk.now == before ? 1 : 0;
        }
        EXPECT_GT(steps, 50u);
        EXPECT_GT(as_before, 40u);
        EXPECT_LT(as_before, steps);
    }
}

TEST(UndoKill, a_rollback_that_is_killed_at_any_step_is_taken_up_again) {
    const Tree before = small_guest().now, after = after_change();
    for (std::size_t steps = 1;; steps += 3) {
        TreeDisk broken = small_guest();
        if (!killed_after(steps, Loss::nothing, broken, change)) break;
        for (std::size_t further = 0;; ++further) {
            TreeDisk disk = broken;
            const bool through = settle(disk, further).has_value();
            if (!through) {
                if (further % 2 == 1) disk.now = disk.flushed;
                const auto settled = settle(disk);
                ASSERT_TRUE(settled) << steps << "+" << further << ": " << settled.error().code;
            }
            expect_before_or_after(disk, before, after, steps);
            if (through) break;
        }
    }
}

TEST(UndoKill, without_commit_the_end_of_the_program_takes_back) {
    TreeDisk disk = small_guest();
    const Tree before = disk.now;
    ASSERT_TRUE(start_program(disk, std::make_shared<std::size_t>(kForever))->remove("Windows\\System32\\driver.dll"));
    EXPECT_EQ(disk.now, before);
    EXPECT_FALSE(disk.marker);
}

TEST(UndoKill, what_was_the_guests_is_not_lost_with_a_directory_that_was_made) {
    TreeDisk disk = small_guest();
    const Tree before = disk.now;
    auto program = start_program(disk, std::make_shared<std::size_t>(kForever));
    ASSERT_TRUE(program->make_directories("Windows\\new"));
    ASSERT_TRUE(program->rename("Windows\\System32\\driver.dll", "Windows\\new\\driver.dll"));
    ASSERT_TRUE(program->remove_tree("Windows\\new"));
    ASSERT_TRUE(program->abort());
    EXPECT_EQ(disk.now, before);
}

/// One change at random, valid or not: what is refused must leave nothing behind either.
void random_change(GuestVolume& volume, std::mt19937& random) {
    const std::vector<std::string> names{"Windows", "System32", "Store", "old", "a.sys", "b.sys", "new", "config"};
    const auto path = [&] {
        std::string out = "Windows";
        for (auto depth = random() % 4; depth > 0; --depth)
            out += "\\" + names[random() % names.size()];
        return out;
    };
    const auto one = path(), other = path();
    Result<> done;
    switch (random() % 10) {
    case 0:
    case 1:
        done = put_text(volume, one, "text " + std::to_string(random()));
        break;
    case 2:
        done = volume.replace(one, {.size = 3}, text_source("new"));
        break;
    case 3:
        done = volume.make_directories(one);
        break;
    case 4:
        done = volume.set_attributes(one, kHidden);
        break;
    case 5:
        done = volume.set_modified(one, random());
        break;
    case 6:
        done = volume.make_symlink(one, "x", false);
        break;
    case 7:
        done = volume.rename(one, other);
        break;
    case 8:
        done = volume.remove(one);
        break;
    default:
        done = volume.remove_tree(one);
        break;
    }
    (void)done;
}

TEST(UndoKill, any_changes_in_any_order_come_back_from_any_point) {
    for (unsigned seed = 0; seed < 400; ++seed) {
        const auto work = [seed](GuestVolume& volume) -> Result<> {
            std::mt19937 random(seed);
            for (int i = 0; i < 12; ++i)
                random_change(volume, random);
            return volume.commit();
        };
        const Tree before = small_guest().now;
        TreeDisk whole = small_guest();
        ASSERT_FALSE(killed_after(kForever, Loss::nothing, whole, work)) << seed;
        for (std::size_t steps = seed % 3;; steps += 5) {
            TreeDisk disk = small_guest();
            const auto loss = steps % 2 == 0 ? Loss::nothing : Loss::what_was_not_flushed;
            const bool killed = killed_after(steps, loss, disk, work);
            const auto settled = settle(disk);
            ASSERT_TRUE(settled) << seed << ", " << steps << ": " << settled.error().code;
            ASSERT_TRUE(disk.now == before || disk.now == whole.now) << seed << ", " << steps;
            if (!killed) break;
        }
    }
}

} // namespace
} // namespace exhyperv::guest

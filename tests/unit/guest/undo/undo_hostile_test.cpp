#include "tree_volume.h"

#include <gtest/gtest.h>

namespace exhyperv::guest {
namespace {

using namespace test;
using Kind = UndoRecord::Kind;

const Guid kId = Guid::from_name("the marker's");

/// A guest that has written a log of its own making.
struct Planted {
    TreeDisk disk = small_guest();
    Planted() {
        add_directory("ExHyperV.undo");
        add_directory("ExHyperV.undo\\kept");
        add("id", undo_id_text(kId));
        disk.marker = kId;
    }
    void add_directory(const std::string& path) {
        const auto components = *split_volume_path(path);
        disk.now[path_key(components)] = {
            .name = components.back(), .directory = true, .data = {}, .target = {}, .security = {}};
    }
    void add(const std::string& name, const std::string& text) {
        disk.now["exhyperv.undo\\" + name] = {.name = name, .data = bytes_of(text), .target = {}, .security = {}};
    }
    /// A record that would delete this.
    void add_made(std::uint64_t number, const std::string& path) {
        const auto file = undo_record_path(number);
        add(file.substr(file.find('\\') + 1), undo_record_text({Kind::made, path, {}, 0}));
    }
    std::string refusal() {
        const auto settled = settle(disk);
        return settled ? std::string() : settled.error().code;
    }
    [[nodiscard]] bool guest_untouched() const {
        for (const auto& [key, node] : small_guest().now)
            if (const auto at = disk.now.find(key); at == disk.now.end() || !(at->second == node)) return false;
        return true;
    }
};

TEST(UndoHostile, a_log_that_nothing_outside_knows_of_is_not_acted_upon) {
    Planted planted;
    planted.add_made(1, "Windows");
    planted.disk.marker.reset();
    EXPECT_EQ(planted.refusal(), "guest.undo_foreign");
    EXPECT_TRUE(planted.guest_untouched());
}

TEST(UndoHostile, a_log_of_another_name_is_not_acted_upon) {
    Planted planted;
    planted.add_made(1, "Windows");
    planted.disk.marker = Guid::from_name("another");
    EXPECT_EQ(planted.refusal(), "guest.undo_foreign");
    EXPECT_TRUE(planted.guest_untouched());
}

TEST(UndoHostile, a_log_without_its_name_or_with_a_gap_is_not_acted_upon) {
    const auto refusal_with = [](const std::function<void(Planted&)>& damage) {
        Planted planted;
        planted.add_made(1, "Windows");
        damage(planted);
        const auto code = planted.refusal();
        EXPECT_TRUE(planted.guest_untouched());
        return code;
    };
    EXPECT_EQ(refusal_with([](Planted& p) { p.add_made(3, "x"); }), "guest.undo_unreadable");
    EXPECT_EQ(refusal_with([](Planted& p) { p.add_made(0, "x"); }), "guest.undo_unreadable");
    EXPECT_EQ(refusal_with([](Planted& p) { p.disk.now.erase("exhyperv.undo\\id"); }), "guest.undo_unreadable");
    EXPECT_EQ(refusal_with([](Planted& p) {
                  p.add("0000000001.undo", "rubbish");
                  p.add_made(2, "x");
              }),
              "guest.undo_unreadable");
}

TEST(UndoHostile, only_the_last_step_may_be_cut_off) {
    Planted planted;
    planted.add_made(1, "Windows\\not there");
    planted.add("0000000002.undo", "made\nWindows\n");
    EXPECT_EQ(planted.refusal(), "");
    EXPECT_EQ(planted.disk.now, small_guest().now);
}

TEST(UndoHostile, paths_that_lead_out_of_the_volume_or_to_its_root_are_refused) {
    for (const auto* path : {"\\", "//", "..\\x", "Windows\\..\\..\\x"}) {
        Planted planted;
        planted.add_made(1, path);
        EXPECT_EQ(planted.refusal(), "guest.undo_failed") << path;
        EXPECT_TRUE(planted.guest_untouched()) << path;
    }
}

TEST(UndoHostile, a_half_made_log_is_just_taken_away) {
    Planted planted;
    planted.add("id", undo_id_text(kId).substr(0, 20));
    EXPECT_EQ(planted.refusal(), "");
    EXPECT_EQ(planted.disk.now, small_guest().now);
}

} // namespace
} // namespace exhyperv::guest

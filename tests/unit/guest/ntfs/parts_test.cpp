#include "guest/ntfs/freed_clusters.h"
#include "guest/ntfs/reparse_data.h"
#include "guest/ntfs/security_descriptor.h"
#include "guest/ntfs/volume_path.h"

#include <gtest/gtest.h>

#include <random>

namespace exhyperv::guest {
namespace {

using Runs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

Runs outside(const FreedClusters& freed, std::uint64_t first, std::uint64_t count) {
    Runs out;
    freed.for_each_outside(first, count, [&](std::uint64_t at, std::uint64_t length) {
        out.emplace_back(at, length);
        return false;
    });
    return out;
}

TEST(FreedClusters, JoinsWhatTouchesAndLeavesOutWhatIsFreed) {
    FreedClusters freed;
    freed.add(10, 5);
    freed.add(20, 5);
    EXPECT_EQ(outside(freed, 0, 30), (Runs{{0, 10}, {15, 5}, {25, 5}}));
    freed.add(15, 5);
    EXPECT_EQ(freed.count(), 15u);
    EXPECT_EQ(outside(freed, 0, 30), (Runs{{0, 10}, {25, 5}}));
    EXPECT_EQ(outside(freed, 12, 5), Runs{});
    EXPECT_EQ(outside(freed, 24, 2), (Runs{{25, 1}}));
    freed.clear();
    EXPECT_EQ(outside(freed, 0, 30), (Runs{{0, 30}}));
}

TEST(FreedClusters, AgreesWithASetOfNumbers) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        FreedClusters freed;
        std::vector<bool> model(300, false);
        for (int i = 0; i < 30; ++i) {
            std::uint64_t first = random() % 280, count = random() % 20;
            freed.add(first, count);
            for (std::uint64_t at = first; at < first + count; ++at)
                model[at] = true;
        }
        std::uint64_t first = random() % 200, count = 1 + random() % 100;
        std::vector<bool> got(300, true);
        for (auto [at, length] : outside(freed, first, count))
            for (std::uint64_t i = 0; i < length; ++i)
                got[at + i] = false;
        for (std::uint64_t at = first; at < first + count; ++at)
            ASSERT_EQ(got[at], model[at]) << at;
        ASSERT_EQ(freed.count(), static_cast<std::uint64_t>(std::count(model.begin(), model.end(), true)));
    }
}

TEST(ReparseData, LinkTargetsComeBackAndDamagedOnesAreEmpty) {
    auto absolute = symlink_data("C:/Windows/System32");
    EXPECT_EQ(link_target_of(absolute), "\\??\\C:\\Windows\\System32");
    EXPECT_EQ(link_target_of(symlink_data("..\\x")), "..\\x");
    EXPECT_EQ(link_target_of(symlink_data("\\\\server\\share")), "\\??\\UNC\\server\\share");
    EXPECT_EQ(link_target_of(junction_data("D:\\a")), "\\??\\D:\\a");
    for (std::size_t length = 0; length < absolute.size(); ++length)
        (void)link_target_of(std::span(absolute).first(length));
    auto beyond = absolute;
    beyond[10] = std::byte{0xff}; // the name's length
    beyond[11] = std::byte{0xff};
    EXPECT_EQ(link_target_of(beyond), "");
    EXPECT_EQ(absolute[16], std::byte{0}) << "not relative";
    EXPECT_EQ(symlink_data("..\\x")[16], std::byte{1});
}

TEST(SecurityDescriptor, BuildsWhatWindowsSetupWritesAndRefusesTheRest) {
    auto windows = security_descriptor(kWindowsDirectorySddl);
    ASSERT_TRUE(windows);
    EXPECT_EQ(std::to_integer<int>((*windows)[0]), 1);
    EXPECT_EQ(std::to_integer<int>((*windows)[20 + 4]), 11) << "entries";
    EXPECT_TRUE(security_descriptor(kSystemRootSddl));
    for (const char* bad : {"", "O:BA", "O:BAG:BA", "O:XXG:BAD:", "O:BAG:BAD:(A;;FA;;;BA", "O:BAG:BAD:(X;;FA;;;BA)",
                            "O:BAG:BAD:(A;QQ;FA;;;BA)", "O:BAG:BAD:(A;;0x1ffffffff;;;BA)",
                            "O:S-1-5-99999999999G:BAD:", "O:BAG:BAD:Z(A;;FA;;;BA)"})
        EXPECT_EQ(security_descriptor(bad).error().code, "guest.bad_acl") << bad;
}

TEST(VolumePath, SplitsEitherSeparatorAndRefusesClimbing) {
    EXPECT_EQ(*split_volume_path("\\a//b\\c/"), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_TRUE(split_volume_path("")->empty());
    EXPECT_TRUE(split_volume_path("/")->empty());
    for (const char* bad : {"..", "a\\..\\b", "./a"})
        EXPECT_FALSE(split_volume_path(bad)) << bad;
    std::string deep;
    for (int i = 0; i < 300; ++i)
        deep += "a/";
    EXPECT_FALSE(split_volume_path(deep));
    for (const char* bad : {"con", "LPT1.txt", "a:b", "a\tb", "a ", "a.", ""})
        EXPECT_FALSE(check_new_name(bad)) << bad;
    for (const char* good : {"console", "com10", "a.b", ".hidden", "显卡"})
        EXPECT_TRUE(check_new_name(good)) << good;
}

} // namespace
} // namespace exhyperv::guest

#include "text/quantity.h"

#include <gtest/gtest.h>

#include <limits>

namespace exhyperv::text {
namespace {

using std::chrono::milliseconds;

TEST(FormatSize, CountsInPowersOf1024AndSaysSo) {
    EXPECT_EQ(format_size(0), "0 B");
    EXPECT_EQ(format_size(1023), "1023 B");
    EXPECT_EQ(format_size(1024), "1 KiB");
    EXPECT_EQ(format_size(1536), "1.5 KiB");
    EXPECT_EQ(format_size(1610612736), "1.5 GiB");
    EXPECT_EQ(format_size(std::uint64_t{127} << 30), "127 GiB");
    EXPECT_EQ(format_size((std::uint64_t{1} << 30) - 1), "1 GiB") << "never 1024 MiB";
    EXPECT_EQ(format_size(std::numeric_limits<std::uint64_t>::max()), "16 EiB");
}

TEST(FormatRate, IsEmptyWithoutASpan) {
    EXPECT_EQ(format_rate(1 << 20, milliseconds(500)), "2 MiB/s");
    EXPECT_EQ(format_rate(1 << 20, milliseconds(0)), "");
}

TEST(FormatDuration, ReadsNaturallyInBothLanguages) {
    EXPECT_EQ(format_duration(milliseconds(-5), Language::en), "0.0 s");
    EXPECT_EQ(format_duration(milliseconds(420), Language::en), "0.4 s");
    EXPECT_EQ(format_duration(milliseconds(9'960), Language::en), "10 s") << "never 10.0 s";
    EXPECT_EQ(format_duration(milliseconds(12'400), Language::zh_hans), "12 秒");
    EXPECT_EQ(format_duration(milliseconds(185'000), Language::en), "3 min 5 s");
    EXPECT_EQ(format_duration(milliseconds(185'000), Language::zh_hans), "3 分 5 秒");
    EXPECT_EQ(format_duration(milliseconds(7'800'000), Language::en), "2 h 10 min");
}

TEST(FormatCount, GroupsThousands) {
    EXPECT_EQ(format_count(0), "0");
    EXPECT_EQ(format_count(999), "999");
    EXPECT_EQ(format_count(1'200), "1,200");
    EXPECT_EQ(format_count(1'234'567), "1,234,567");
}

TEST(FormatTime, KeepsWhatIsNoTimestamp) {
    EXPECT_EQ(format_time("2026-11-22T20:15:00Z"), "2026-11-22 20:15:00");
    EXPECT_EQ(format_time("2026-11-22T20:15:00.123Z"), "2026-11-22 20:15:00");
    EXPECT_EQ(format_time("yesterday"), "yesterday");
}

} // namespace
} // namespace exhyperv::text

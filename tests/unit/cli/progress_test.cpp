#include "cli/views/progress_line.h"
#include "cli/views/rate.h"
#include "support/utf.h"

#include <gtest/gtest.h>

namespace exhyperv::cli {
namespace {

using namespace std::chrono_literals;
using Time = RateMeter::Time;

TEST(RateMeter, SaysNothingBeforeItHasSeenEnough) {
    RateMeter meter;
    EXPECT_FALSE(meter.per_second());
    meter.add(Time{}, 0);
    meter.add(Time{} + 100ms, 1000);
    EXPECT_FALSE(meter.per_second());
    EXPECT_FALSE(meter.left(10'000));
}

TEST(RateMeter, KnowsSpeedAndTimeLeftOfSteadyWork) {
    RateMeter meter;
    for (int i = 0; i <= 100; ++i)
        meter.add(Time{} + i * 20ms, static_cast<std::uint64_t>(i) * 20);
    EXPECT_NEAR(*meter.per_second(), 1000.0, 1.0);
    EXPECT_EQ(*meter.left(4000), 2000ms);
}

TEST(RateMeter, ForgetsABurstOfLongAgo) {
    RateMeter meter;
    meter.add(Time{}, 0);
    meter.add(Time{} + 1s, 1'000'000);
    for (int i = 2; i <= 20; ++i)
        meter.add(Time{} + i * 1s, 1'000'000 + static_cast<std::uint64_t>(i) * 100);
    EXPECT_LT(*meter.per_second(), 200.0);
}

TEST(RateMeter, StartsAnewWhenTheWorkDoes) {
    RateMeter meter;
    meter.add(Time{}, 500);
    meter.add(Time{} + 1s, 1000);
    meter.add(Time{} + 2s, 0);
    EXPECT_FALSE(meter.per_second());
}

TEST(RateMeter, GivesNoTimeLeftThatNobodyBelieves) {
    RateMeter meter;
    meter.add(Time{}, 0);
    meter.add(Time{} + 1s, 1);
    EXPECT_FALSE(meter.left(std::uint64_t{1} << 60));
}

TEST(ProgressText, ShowsBarBytesSpeedAndTimeLeftWithinTheWidth) {
    RateMeter meter;
    meter.add(Time{}, 0);
    meter.add(Time{} + 1s, 100 << 20);
    const Progress progress{100 << 20, 400 << 20, {}};
    const std::string text = progress_text("… 3/5  Copy the driver", progress, meter, true, 120, {});
    EXPECT_NE(text.find(" 25%"), std::string::npos) << text;
    EXPECT_NE(text.find("100 MiB / 400 MiB"), std::string::npos);
    EXPECT_NE(text.find("100 MiB/s"), std::string::npos);
    EXPECT_NE(text.find("3.0 s left"), std::string::npos);
    for (const std::size_t width : {40u, 60u, 80u, 100u})
        EXPECT_LE(display_width(progress_text(std::string(60, 't'), progress, meter, true, width, {})), width) << width;
}

TEST(ProgressText, NeverExceedsAHundredPercent) {
    const std::string text = progress_text("t", Progress{500, 100, {}}, {}, false, 80, {});
    EXPECT_NE(text.find("100%"), std::string::npos);
}

TEST(ProgressText, WithoutATotalShowsWhatIsWorkedOn) {
    const std::string text = progress_text("t", Progress{0, 0, "file\x1b[1m.dll"}, {}, true, 80, {});
    EXPECT_EQ(text, "t  file[1m.dll");
}

} // namespace
} // namespace exhyperv::cli

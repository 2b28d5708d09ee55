#include "support/deadline.h"

#include <gtest/gtest.h>

#include <thread>

namespace exhyperv {
namespace {

using namespace std::chrono_literals;

TEST(Deadline, ExpiresAtItsMomentAndHasNothingLeftThen) {
    const auto past = Deadline::after(-1s);
    EXPECT_TRUE(past.expired());
    EXPECT_EQ(past.left(), Deadline::Clock::duration::zero());
    EXPECT_FALSE(Deadline::after(1h).expired());
    EXPECT_GT(Deadline::after(1h).left(), 59min);
}

TEST(Deadline, ASubStepNeverOutlivesItsCaller) {
    const auto outer = Deadline::after(1h);
    EXPECT_EQ(outer.within(2h).when(), outer.when());
    EXPECT_LT(outer.within(1min).when(), outer.when());
}

TEST(CallContext, ReportsTimeoutAndCancellationByName) {
    EXPECT_TRUE(CallContext::within(1h).check("work"));

    const auto late = CallContext::within(-1s).check("the job");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, "call.timeout");
    EXPECT_EQ(*late.error().arg("what"), "the job");

    const auto context = CallContext::within(1h);
    context.cancel.cancel();
    const auto cancelled = context.check("the job");
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, "call.cancelled");
}

TEST(CallContext, CopiesShareTheirCancellation) {
    const auto context = CallContext::within(1h);
    const auto narrowed = context.narrowed(1min);
    context.cancel.cancel();
    EXPECT_TRUE(narrowed.cancel.cancelled());
}

TEST(CallContext, SleepEndsWithTheDeadlineOrTheCancellation) {
    EXPECT_TRUE(CallContext::within(1h).sleep(1ms, "a nap"));
    EXPECT_EQ(CallContext::within(5ms).sleep(1h, "a nap").error().code, "call.timeout");

    const auto context = CallContext::within(1h);
    std::thread other([&] { context.cancel.cancel(); });
    EXPECT_EQ(context.sleep(1h, "a nap").error().code, "call.cancelled");
    other.join();
}

} // namespace
} // namespace exhyperv

#include "app/interrupt.h"

#include <gtest/gtest.h>

#include <csignal>

namespace exhyperv::app {
namespace {

void ignore(int) {}

TEST(InterruptGuard, TurnsCtrlCIntoACancelledTokenAndGivesTheHandlerBack) {
    std::signal(SIGINT, ignore);
    const CancelToken token;
    {
        const InterruptGuard guard(token);
        EXPECT_FALSE(token.cancelled());
        std::raise(SIGINT);
        EXPECT_TRUE(token.cancelled());
    }
    EXPECT_EQ(std::signal(SIGINT, SIG_DFL), &ignore);
}

TEST(InterruptGuard, LetsASecondCtrlCEndTheProcess) {
    EXPECT_EXIT(
        {
            const CancelToken token;
            const InterruptGuard guard(token);
            std::raise(SIGINT);
            std::raise(SIGINT);
            std::exit(0); // not reached
        },
        testing::KilledBySignal(SIGINT), "");
}

} // namespace
} // namespace exhyperv::app

#include "server/sessions.h"

#include <gtest/gtest.h>

namespace exhyperv::server {
namespace {

using namespace std::chrono_literals;

TEST(Sessions, EndWhenIdleForTooLong) {
    Sessions::Clock::time_point now{};
    Sessions sessions(10min, 8, [&] { return now; });
    const auto session = sessions.open("me", api::Role::operator_);
    now += 9min;
    EXPECT_TRUE(sessions.find(session.id)); // and is renewed by it
    now += 9min;
    EXPECT_TRUE(sessions.find(session.id));
    now += 11min;
    EXPECT_FALSE(sessions.find(session.id));
}

TEST(Sessions, GiveWayToNewOnesWhenThereAreTooMany) {
    Sessions::Clock::time_point now{};
    Sessions sessions(10min, 2, [&] { return now; });
    const auto oldest = sessions.open("a", api::Role::viewer);
    now += 1s;
    const auto second = sessions.open("b", api::Role::viewer);
    now += 1s;
    (void)sessions.open("c", api::Role::viewer);
    EXPECT_FALSE(sessions.find(oldest.id));
    EXPECT_TRUE(sessions.find(second.id));
}

TEST(Sessions, CannotBeUsedAfterSigningOut) {
    Sessions sessions;
    const auto session = sessions.open("me", api::Role::viewer);
    sessions.close(session.id);
    EXPECT_FALSE(sessions.find(session.id));
}

TEST(LoginLimiter, MakesEachGuessWaitLonger) {
    LoginLimiter::Clock::time_point now{};
    LoginLimiter limiter(3, [&] { return now; });
    for (int i = 0; i < 2; ++i)
        limiter.failed("peer");
    EXPECT_EQ(limiter.wait("peer"), 0s);
    limiter.failed("peer");
    EXPECT_EQ(limiter.wait("peer"), 1s);
    limiter.failed("peer");
    EXPECT_EQ(limiter.wait("peer"), 2s);
    for (int i = 0; i < 40; ++i)
        limiter.failed("peer");
    EXPECT_EQ(limiter.wait("peer"), 300s);
    EXPECT_EQ(limiter.wait("other"), 0s);
    limiter.succeeded("peer");
    EXPECT_EQ(limiter.wait("peer"), 0s);
}

} // namespace
} // namespace exhyperv::server

#include "host/retry_session.h"
#include "host/wbem_error.h"
#include "scripted_session.h"

#include <gtest/gtest.h>

namespace exhyperv::host {
namespace {

using namespace std::chrono_literals;

const RetrySession::Policy kQuick{.tries = 3, .first_wait = 1ms};

void lose(ScriptedSession& session, int times) {
    for (int i = 0; i < times; ++i)
        session.failures.push_back(wbem_error("session.lost", "test"));
}

TEST(RetrySession, RepeatsReadsWhoseConnectionBroke) {
    ScriptedSession inner;
    RetrySession session(inner, kQuick);
    lose(inner, 2);
    EXPECT_TRUE(session.query(kCimv2, cim::wql::all("X"), soon()));
    EXPECT_EQ(inner.calls.size(), 3u);
    lose(inner, 1);
    EXPECT_TRUE(session.get(path("X.K=1"), soon()));
    EXPECT_EQ(inner.calls.size(), 5u);
}

TEST(RetrySession, GivesUpAfterItsTriesWithTheLastError) {
    ScriptedSession inner;
    RetrySession session(inner, kQuick);
    lose(inner, 5);
    const auto result = session.query(kCimv2, cim::wql::all("X"), soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "session.lost");
    EXPECT_EQ(inner.calls.size(), 3u);
}

TEST(RetrySession, NeverRepeatsWhatMayHaveTakenEffect) {
    ScriptedSession inner;
    RetrySession session(inner, kQuick);
    lose(inner, 2);
    EXPECT_FALSE(session.invoke(path("X.K=1"), "Do", {}, soon()));
    EXPECT_FALSE(session.put(cim::Instance("X"), soon()));
    EXPECT_EQ(inner.calls.size(), 2u);
}

TEST(RetrySession, NeverRepeatsARefusal) {
    ScriptedSession inner;
    RetrySession session(inner, kQuick);
    inner.failures.push_back(wbem_error("cim.access_denied", "X"));
    EXPECT_FALSE(session.query(kCimv2, cim::wql::all("X"), soon()));
    EXPECT_EQ(inner.calls.size(), 1u);
}

TEST(RetrySession, DoesNotWaitPastTheDeadline) {
    ScriptedSession inner;
    RetrySession session(inner, {.tries = 3, .first_wait = 1h});
    lose(inner, 1);
    const auto result = session.query(kCimv2, cim::wql::all("X"), soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "session.lost") << "the reason, not the clock";
    EXPECT_EQ(inner.calls.size(), 1u);
}

TEST(RetrySession, StopsWaitingWhenCancelled) {
    ScriptedSession inner;
    RetrySession session(inner, {.tries = 3, .first_wait = 1min});
    lose(inner, 1);
    const auto context = soon();
    context.cancel.cancel();
    const auto result = session.query(kCimv2, cim::wql::all("X"), context);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "call.cancelled");
}

} // namespace
} // namespace exhyperv::host

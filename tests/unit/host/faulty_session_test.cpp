#include "host/faulty_session.h"
#include "scripted_session.h"

#include <gtest/gtest.h>

namespace exhyperv::host {
namespace {

FaultScript script(const std::string& rule) {
    return *FaultScript::parse("{\"faults\": [" + rule + "]}");
}

TEST(FaultySession, AnErrorHasNoEffect) {
    ScriptedSession inner;
    FaultySession session(inner, script(R"({"call": "put", "error": {"code": "cim.access_denied"}})"));
    const auto refused = session.put(cim::Instance("X"), soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "cim.access_denied");
    EXPECT_TRUE(inner.calls.empty());
    EXPECT_TRUE(session.put(cim::Instance("X"), soon())) << "only the first";
}

TEST(FaultySession, ALostAnswerComesAfterTheEffect) {
    ScriptedSession inner;
    FaultySession session(inner, script(R"({"call": "invoke", "class": "X", "method": "Do", "lost": "after"})"));
    const auto lost = session.invoke(path("X.K=1"), "Do", {}, soon());
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, "session.lost");
    EXPECT_EQ(inner.calls, std::vector<std::string>{"invoke X.Do"});
}

TEST(FaultySession, ALostRequestNeverArrives) {
    ScriptedSession inner;
    FaultySession session(inner, script(R"({"call": "get", "lost": "before"})"));
    EXPECT_EQ(session.get(path("X.K=1"), soon()).error().code, "session.lost");
    EXPECT_TRUE(inner.calls.empty());
}

TEST(FaultySession, AnswersAWrongReturnValueWithoutEffect) {
    ScriptedSession inner;
    FaultySession session(inner, script(R"({"method": "Do", "return_value": 32775})"));
    const auto answer = session.invoke(path("X.K=1"), "Do", {}, soon());
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->return_value, 32775u);
    EXPECT_TRUE(inner.calls.empty());
}

TEST(FaultySession, ADelayEndsWithTheDeadline) {
    ScriptedSession inner;
    FaultySession session(inner, script(R"({"call": "query", "delay_ms": 3600000})"));
    const auto late = session.query(kCimv2, cim::wql::all("X"), CallContext::within(std::chrono::milliseconds(5)));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, "call.timeout");
    EXPECT_TRUE(inner.calls.empty());
}

TEST(FaultySession, JobFaultsAreLeftToTheHost) {
    ScriptedSession inner;
    FaultySession session(inner, script(R"({"method": "Do", "job": {}})"));
    EXPECT_TRUE(session.invoke(path("X.K=1"), "Do", {}, soon()));
    EXPECT_EQ(inner.calls.size(), 1u);
}

TEST(FaultySessionDeathTest, KillEndsTheProcessAtTheGivenMoment) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    ScriptedSession inner;
    FaultySession session(inner, script(R"({"call": "put", "kill": "before"})"));
    EXPECT_EXIT((void)session.put(cim::Instance("X"), soon()), testing::ExitedWithCode(137), "");
}

} // namespace
} // namespace exhyperv::host

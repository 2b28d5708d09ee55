#include "host/logging_session.h"
#include "scripted_session.h"
#include "support/log.h"
#include "support/scope_guard.h"

#include <gmock/gmock.h>

namespace exhyperv::host {
namespace {

TEST(LoggingSession, WritesOneLineACallWithOutcomeAndTimeButNoValues) {
    std::vector<std::pair<LogLevel, std::string>> lines;
    set_log_sink([&](LogLevel level, std::string_view line) { lines.emplace_back(level, line); });
    const ScopeGuard restore([] { set_log_sink({}); });

    ScriptedSession inner;
    LoggingSession session(inner);
    EXPECT_TRUE(session.query(kCimv2, cim::wql::all("Win32_X"), soon()));
    EXPECT_TRUE(session.invoke(path("Msvm_A.K=1"), "Do", {{"Secret", cim::Value::string("hunter2")}}, soon()));
    inner.failures.push_back(
        Error{"cim.access_denied", {{"what", "Msvm_A"}}, {NativeKind::hresult, 0x80041003}, {}, {}});
    EXPECT_FALSE(session.get(path("Msvm_A.K=1"), soon()));
    EXPECT_TRUE(session.put(cim::Instance("Msvm_A"), soon()));

    ASSERT_EQ(lines.size(), 4u);
    EXPECT_THAT(lines[0].second, testing::MatchesRegex("query root.cimv2: SELECT . FROM Win32_X: 1 rows \\(.+ ms\\)"));
    EXPECT_THAT(lines[1].second, testing::StartsWith("invoke Msvm_A.K=1.Do: returned 0 ("));
    EXPECT_THAT(lines[1].second, testing::Not(testing::HasSubstr("hunter2")));
    EXPECT_THAT(lines[2].second, testing::StartsWith("get Msvm_A.K=1: cim.access_denied what=Msvm_A [0x80041003] ("));
    EXPECT_EQ(lines[0].first, LogLevel::debug);
    EXPECT_EQ(lines[2].first, LogLevel::warn);
    EXPECT_THAT(lines[3].second, testing::StartsWith("put Msvm_A: ok ("));
}

} // namespace
} // namespace exhyperv::host

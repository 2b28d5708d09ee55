#include "hyperv/jobs.h"

#include "scripted_session.h"

#include <gtest/gtest.h>

namespace exhyperv::hyperv {
namespace {

using namespace std::chrono_literals;

cim::Instance job(std::uint16_t state, std::uint16_t code = 0, std::string text = "") {
    cim::Instance instance("Msvm_ConcreteJob");
    instance.set("JobState", cim::Value::uint16(state));
    instance.set("ErrorCode", cim::Value::uint16(code));
    instance.set("ErrorDescription", cim::Value::string(std::move(text)));
    instance.set("PercentComplete", cim::Value::uint16(40));
    return instance;
}

host::MethodResult started() {
    host::MethodResult result;
    result.return_value = 4096;
    result.out.set("Job", cim::Value::reference(R"(\\HOST\root\virtualization\v2:Msvm_ConcreteJob.InstanceID="J")"));
    return result;
}

TEST(FinishMethod, TakesZeroAsDoneWithoutAskingForAJob) {
    ScriptedSession session;
    const auto done = finish(session, host::MethodResult{}, "AddResourceSettings", CallContext::within(5s));
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_FALSE(done->job);
}

TEST(FinishMethod, WaitsThroughEveryStateBelowCompleted) {
    ScriptedSession session;
    for (const std::uint16_t state : {2, 3, 4, 5, 6, 7})
        session.gets.emplace_back(job(state));
    const auto done = finish(session, started(), "AddResourceSettings", CallContext::within(20s));
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_TRUE(done->job);
    EXPECT_FALSE(done->job_gone);
}

TEST(FinishMethod, TakesCompletedWithWarningsAsSuccess) {
    ScriptedSession session;
    session.gets.emplace_back(job(32768));
    EXPECT_TRUE(finish(session, started(), "ModifySystemSettings", CallContext::within(5s)));
}

TEST(FinishMethod, KeepsTheWholeTextAndCodeOfAFailedJob) {
    ScriptedSession session;
    session.gets.emplace_back(job(4));
    session.gets.emplace_back(job(10, 32773, "summary\n\nmiddle\n\nroot cause"));
    const auto done = finish(session, started(), "AddResourceSettings", CallContext::within(5s));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "hyperv.invalid_parameter");
    EXPECT_EQ(done.error().provider_text, "summary\n\nmiddle\n\nroot cause");
    EXPECT_EQ(done.error().native, (NativeCode{NativeKind::job, 32773}));
}

TEST(FinishMethod, NamesTheCauseByTheSystemCodeInALocalizedText) {
    ScriptedSession session;
    session.gets.emplace_back(job(10, 32768, "“VM1”无法启动。\n\nGPU 分区: 系统资源不足 (0x800705AA)。"));
    const auto done = finish(session, started(), "RequestStateChange", CallContext::within(5s));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "hyperv.insufficient_resources");
}

TEST(FinishMethod, SaysSoWhenTheJobIsAlreadyRemoved) {
    ScriptedSession session;
    session.gets.emplace_back(fail("cim.not_found"));
    const auto done = finish(session, started(), "AddResourceSettings", CallContext::within(5s));
    ASSERT_TRUE(done);
    EXPECT_TRUE(done->job_gone);
}

TEST(FinishMethod, EndsTheJobWhenTheWaitIsCancelled) {
    ScriptedSession session;
    session.gets.emplace_back(job(4));
    const CallContext context = CallContext::within(60s);
    context.cancel.cancel();
    const auto done = finish(session, started(), "AddResourceSettings", context);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "job.cancelled");
    EXPECT_EQ(*done.error().arg("percent"), "40");
    EXPECT_EQ(session.invoked, std::vector<std::string>{"RequestStateChange"});
}

TEST(FinishMethod, GivesUpAtTheDeadline) {
    ScriptedSession session;
    session.gets.emplace_back(job(4));
    const auto done = finish(session, started(), "AddResourceSettings", CallContext::within(30ms));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "job.timeout");
}

TEST(FinishMethod, MapsARefusalWithoutAJob) {
    ScriptedSession session;
    host::MethodResult refused;
    refused.return_value = 32775;
    const auto done = finish(session, refused, "RequestStateChange", CallContext::within(5s));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "hyperv.invalid_state");
    EXPECT_EQ(done.error().native.kind, NativeKind::cim_return);
}

TEST(FinishMethod, DoesNotGuessWhenTheJobReferenceIsMissing) {
    ScriptedSession session;
    host::MethodResult odd;
    odd.return_value = 4096;
    const auto done = finish(session, odd, "AddResourceSettings", CallContext::within(5s));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "job.lost");
}

} // namespace
} // namespace exhyperv::hyperv

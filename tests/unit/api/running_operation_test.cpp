#include "api/running_operation.h"

#include <gtest/gtest.h>

namespace exhyperv::api {
namespace {

using Kind = assign::StepEvent::Kind;
using namespace std::chrono_literals;

assign::Plan two_steps() {
    assign::Plan plan;
    plan.id = "1";
    plan.operation = "gpu.add";
    for (const char* id : {"vm.settings", "guest.import"}) {
        assign::Step step;
        step.id = id;
        plan.steps.push_back(step);
    }
    return plan;
}

TEST(RunningOperation, StartsWithEveryStepWaiting) {
    const RunningOperation operation(two_steps(), "me@here", "2026-01-01T00:00:00Z");
    const auto document = operation.document();
    EXPECT_EQ(document["state"], "running");
    EXPECT_EQ(document["steps"][0]["state"], "waiting");
    EXPECT_EQ(document["steps"][1]["state"], "waiting");
}

TEST(RunningOperation, TellsARateAndTheTimeLeft) {
    RunningOperation operation(two_steps(), "me@here", "");
    const auto start = RunningOperation::Clock::now();
    (void)operation.apply({Kind::started, 1, {}, nullptr}, start);
    (void)operation.apply({Kind::progress, 1, {0, 1000, "a.dll"}, nullptr}, start + 1s);
    const auto step = operation.apply({Kind::progress, 1, {500, 1000, "b.dll"}, nullptr}, start + 2s);
    ASSERT_TRUE(step);
    EXPECT_EQ((*step)["progress"]["bytes_per_second"], 500);
    EXPECT_EQ((*step)["progress"]["seconds_left"], 2);
}

TEST(RunningOperation, HoldsProgressBackThatComesTooOften) {
    RunningOperation operation(two_steps(), "me@here", "");
    const auto start = RunningOperation::Clock::now();
    EXPECT_TRUE(operation.apply({Kind::started, 0, {}, nullptr}, start));
    EXPECT_FALSE(operation.apply({Kind::progress, 0, {1, 2, ""}, nullptr}, start + 1ms));
    EXPECT_TRUE(operation.apply({Kind::progress, 0, {1, 2, ""}, nullptr}, start + 500ms));
}

TEST(RunningOperation, CallsAnOperationUndoneWhenItsFailureWasUndone) {
    RunningOperation operation(two_steps(), "me@here", "");
    assign::OperationResult result;
    result.outcome = assign::Outcome::undone;
    result.error = Error{"job.failed", {}, {}, {}, {}};
    operation.finish(result, "2026-01-01T00:00:01Z");
    const auto document = operation.document();
    EXPECT_EQ(document["state"], "undone");
    EXPECT_EQ(document["error"]["code"], "job.failed");
    EXPECT_FALSE(operation.at_work());
}

TEST(RunningOperation, LeavesItOpenWhenTheExecutorGaveUpHalfWay) {
    RunningOperation operation(two_steps(), "me@here", "");
    (void)operation.apply({Kind::started, 0, {}, nullptr});
    operation.finish(fail("journal.write"), "");
    EXPECT_EQ(operation.document()["state"], "open");
}

} // namespace
} // namespace exhyperv::api

#include "snapshot.h"
#include "test_points.h"
#include "world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

namespace exhyperv::assign {
namespace {

void fail_every_step(const World& fresh, const std::string& before,
                     const std::function<Result<Plan>(World&)>& make_plan) {
    World world({.server = true});
    world.become(fresh);
    const auto plan = make_plan(world);
    ASSERT_TRUE(plan) << describe(plan.error());
    std::size_t cases = 0;
    for (const Step& step : plan->steps)
        for (const char* phase : {".before", ".after-intent", ".after-run", ".after-result"}) {
            const std::string point = "step." + step.id + phase;
            world.become(fresh);
            Result<OperationResult> result;
            {
                const Injected failure(point);
                result = execute(world.environment(), *plan, {}, in_time());
            }
            ASSERT_TRUE(result) << point << ": " << describe(result.error());
            EXPECT_EQ(result->outcome, Outcome::undone)
                << point << (result->undo_errors.empty() ? "" : describe(result->undo_errors.front()));
            ASSERT_TRUE(result->error);
            EXPECT_EQ(result->error->code, "operation.injected_failure");
            ASSERT_EQ(difference(before, snapshot(world)), "") << "failed at " << point;
            EXPECT_TRUE(open_operations(world.environment())->empty());
            EXPECT_EQ(history(world.environment())->front().state, HistoryEntry::State::undone);
            ++cases;
        }
    std::printf("failed and undone: %zu cases\n", cases);
}

TEST(Faults, InEveryStepOfGpuAddAreUndone) {
    World fresh({.server = true});
    const std::string before = snapshot(fresh);
    fresh.close();
    fail_every_step(fresh, before, [](World& world) { return world.plan_add(); });
}

TEST(Faults, InEveryStepOfGpuRemoveAreUndone) {
    World fresh({.server = true});
    ASSERT_EQ(fresh.add()->outcome, Outcome::done);
    const std::string before = snapshot(fresh);
    fresh.close();
    fail_every_step(fresh, before, [](World& world) { return world.plan_remove({.purge = true}); });
}

TEST(Faults, OfTheProviderAreUndoneWithItsWholeText) {
    WorldSpec spec;
    spec.server = true;
    spec.fault_script = R"J({"faults": [{"call": "invoke", "method": "AddResourceSettings",
        "job": {"error_code": 32768, "text": "first line\n\nroot cause (0x800705AA)"}}]})J";
    World world(spec);
    const std::string before = snapshot(world);
    const auto result = world.add();
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::undone);
    ASSERT_TRUE(result->error);
    EXPECT_EQ(result->error->code, "hyperv.insufficient_resources") << describe(*result->error);
    EXPECT_THAT(result->error->provider_text, testing::HasSubstr("first line\n\nroot cause"));
    EXPECT_EQ(difference(before, snapshot(world)), "");
}

TEST(Faults, InUndoLeaveTheOperationOpenUntilItWorks) {
    World world({.server = true});
    const std::string before = snapshot(world);
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan);
    {
        const Injected failures("step.guest.import.after-run,undo.vm.settings.before");
        const auto result = execute(world.environment(), *plan, {}, in_time());
        ASSERT_TRUE(result) << describe(result.error());
        EXPECT_EQ(result->outcome, Outcome::partly_undone);
        EXPECT_EQ(result->undo_errors.size(), 1u);
    }
    EXPECT_EQ(world.vm().settings.high_mmio_mib, 32768u) << "not put back yet, and known to be so";
    EXPECT_EQ(execute(world.environment(), *plan, {}, in_time()).error().code, "operation.recover_first");
    const auto open = open_operations(world.environment());
    ASSERT_TRUE(open);
    ASSERT_EQ(open->size(), 1u);
    EXPECT_EQ(open->front().state, HistoryEntry::State::partly_undone);
    EXPECT_EQ(recover(world.environment(), plan->id, RecoveryMode::resume, {}, in_time()).error().code,
              "operation.cannot_resume");
    const auto recovered = recover(world.environment(), plan->id, RecoveryMode::roll_back, {}, in_time());
    ASSERT_TRUE(recovered) << describe(recovered.error());
    EXPECT_EQ(recovered->outcome, Outcome::undone);
    EXPECT_EQ(difference(before, snapshot(world)), "");
}

TEST(Faults, OfAnOperationThatTheUserHasSettledByHandCanBeClosed) {
    World world({.server = true});
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan);
    {
        const Injected failures("step.verify.before,undo.partition.add.before");
        EXPECT_EQ(execute(world.environment(), *plan, {}, in_time())->outcome, Outcome::partly_undone);
    }
    ASSERT_TRUE(recover(world.environment(), plan->id, RecoveryMode::accept, {}, in_time()));
    EXPECT_TRUE(open_operations(world.environment())->empty());
    EXPECT_TRUE(world.plan_add()) << "and the next operation may begin";
}

TEST(Faults, ACancelledOperationIsUndone) {
    World world({.server = true});
    const std::string before = snapshot(world);
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan);
    const CallContext context = in_time();
    const auto result = execute(
        world.environment(), *plan,
        [&](const StepEvent& event) {
            if (event.kind == StepEvent::Kind::started && plan->steps[event.step].id == "guest.import")
                context.cancel.cancel();
        },
        context);
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::undone);
    EXPECT_EQ(result->error->code, "call.cancelled");
    EXPECT_EQ(difference(before, snapshot(world)), "");
}

} // namespace
} // namespace exhyperv::assign

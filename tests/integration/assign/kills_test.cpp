#include "assign/core/journal.h"
#include "snapshot.h"
#include "test_points.h"
#include "world.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace exhyperv::assign {
namespace {

void recover_all(World& world, RecoveryMode mode, const std::string& point) {
    const auto open = open_operations(world.environment());
    ASSERT_TRUE(open) << point << ": " << describe(open.error());
    for (const auto& entry : *open) {
        const auto result = recover(world.environment(), entry.plan.id, mode, {}, in_time());
        ASSERT_TRUE(result) << point << ": " << describe(result.error());
        ASSERT_EQ(result->outcome, mode == RecoveryMode::resume ? Outcome::done : Outcome::undone)
            << point << ": " << (result->error ? describe(*result->error) : "")
            << (result->undo_errors.empty() ? "" : describe(result->undo_errors.front()));
    }
    ASSERT_TRUE(open_operations(world.environment())->empty()) << point;
}

/// Kills the operation at each point in turn and recovers in another process: the world must be as before, or as after.
void kill_everywhere(const World& fresh, const std::string& before, const std::string& after, RecoveryMode mode,
                     const std::function<Result<Plan>(World&)>& make_plan) {
    World world({.server = true});
    world.become(fresh);
    const auto plan = make_plan(world);
    ASSERT_TRUE(plan) << describe(plan.error());
    ASSERT_FALSE(plan->blocked()) << all_checks(*plan);
    const auto points = points_of(*plan, false);
    for (const std::string& point : points) {
        world.become(fresh);
        ASSERT_TRUE(killed_at(point, [&] { (void)execute(world.environment(), *plan, {}, in_time()); })) << point;
        recover_all(world, mode, point);
        // Ended before the kill: then it stays done, whatever is wished.
        const bool done = mode == RecoveryMode::resume || point == "operation.after-end";
        ASSERT_EQ(difference(done ? after : before, snapshot(world)), "") << "killed at " << point;
    }
    std::printf("killed and recovered: %zu cases\n", points.size());
}

class Kills : public testing::TestWithParam<RecoveryMode> {};

TEST_P(Kills, OfGpuAddLeaveAllOrNothing) {
    World fresh({.server = true});
    const std::string before = snapshot(fresh);
    fresh.close();
    World done({.server = true});
    done.become(fresh);
    ASSERT_EQ(done.add()->outcome, Outcome::done);
    kill_everywhere(fresh, before, snapshot(done), GetParam(), [](World& world) { return world.plan_add(); });
}

TEST_P(Kills, OfGpuRemoveLeaveAllOrNothing) {
    World fresh({.server = true});
    ASSERT_EQ(fresh.add()->outcome, Outcome::done);
    const std::string before = snapshot(fresh);
    fresh.close();
    World done({.server = true});
    done.become(fresh);
    ASSERT_EQ(done.remove({.purge = true})->outcome, Outcome::done);
    kill_everywhere(fresh, before, snapshot(done), GetParam(),
                    [](World& world) { return world.plan_remove({.purge = true}); });
}

INSTANTIATE_TEST_SUITE_P(Recovery, Kills, testing::Values(RecoveryMode::roll_back, RecoveryMode::resume),
                         [](const auto& mode) {
                             return mode.param == RecoveryMode::resume ? "Resumed" : "RolledBack";
                         });

TEST(KillsDuringRecovery, AreRecoveredToo) {
    World fresh({.server = true});
    const std::string before = snapshot(fresh);
    const auto plan = fresh.plan_add();
    ASSERT_TRUE(plan);
    fresh.close();
    World world({.server = true});
    for (const std::string& point : points_of(*plan, true)) {
        world.become(fresh);
        ASSERT_TRUE(
            killed_at("operation.before-end", [&] { (void)execute(world.environment(), *plan, {}, in_time()); }));
        const bool verify = point.find("undo.verify") == 0; // changes nothing, so there is nothing to undo
        EXPECT_EQ(killed_at(point, [&] { recover_all(world, RecoveryMode::roll_back, point); }), !verify) << point;
        recover_all(world, RecoveryMode::roll_back, point);
        ASSERT_EQ(difference(before, snapshot(world)), "") << point;
    }
}

} // namespace
} // namespace exhyperv::assign

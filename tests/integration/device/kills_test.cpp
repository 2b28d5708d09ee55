#include "snapshot.h"
#include "test_points.h"
#include "transitions.h"
#include "world.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace exhyperv::assign {
namespace {

WorldSpec on_disk() {
    WorldSpec spec;
    spec.on_disk = true;
    return spec;
}

void recover_all(World& world, RecoveryMode mode, const std::string& point) {
    const auto open = open_operations(world.environment());
    ASSERT_TRUE(open) << point << ": " << describe(open.error());
    for (const auto& entry : *open)
        ASSERT_EQ(outcome_text(recover(world.environment(), entry.plan.id, mode, {}, in_time())).substr(0, 6),
                  mode == RecoveryMode::resume ? "done" : "undone")
            << point;
    ASSERT_TRUE(open_operations(world.environment())->empty()) << point;
}

/// What a recovered world has to be: as before or as after; where a step has no way back, what `device recover` makes
/// of it.
void expect_recovered(World& world, const Transition& transition, const std::string& wanted, const std::string& after,
                      const std::string& point) {
    const std::string now = snapshot(world);
    if (now == wanted) return;
    if (transition.one_way) {
        const auto plan = world.plan_recover();
        ASSERT_TRUE(plan) << describe(plan.error());
        if (!plan->nothing_to_do()) {
            ASSERT_EQ(outcome_text(world.run(plan)), "done") << point;
        }
        // The reference that led nowhere is gone, and nothing else is left of the attempt.
        const auto again = transition.plan(world);
        const bool forgotten = !again && again.error().code == "device.unknown"; // gone, and nobody names it any more
        if (!forgotten) {
            ASSERT_EQ(outcome_text(world.run(again)).substr(0, 4), again->nothing_to_do() ? "noth" : "done");
        }
        ASSERT_EQ(difference(after, snapshot(world)), "") << transition.name << ", killed at " << point;
        return;
    }
    FAIL() << transition.name << ", killed at " << point << ":\n" << difference(wanted, now);
}

class Kills : public testing::TestWithParam<RecoveryMode> {};

TEST_P(Kills, OfEveryStepOfEveryTransitionAreRecovered) {
    std::size_t cases = 0;
    for (const Transition& transition : all_transitions()) {
        World fresh(on_disk()), done(on_disk()), world(on_disk());
        transition.prepare(fresh);
        const std::string before = snapshot(fresh);
        const auto plan = transition.plan(fresh);
        ASSERT_TRUE(plan && !plan->blocked()) << transition.name << "\n" << (plan ? all_checks(*plan) : "");
        fresh.close();
        done.become(fresh);
        ASSERT_EQ(outcome_text(done.run(plan)), "done") << transition.name;
        const std::string after = snapshot(done);
        for (const std::string& point : points_of(*plan, false)) {
            world.become(fresh);
            ASSERT_TRUE(killed_at(point, [&] { (void)execute(world.environment(), *plan, {}, in_time()); })) << point;
            ASSERT_NO_FATAL_FAILURE(recover_all(world, GetParam(), transition.name + (", " + point)));
            const bool finished = GetParam() == RecoveryMode::resume || point == "operation.after-end";
            ASSERT_NO_FATAL_FAILURE(expect_recovered(world, transition, finished ? after : before, after, point));
            ++cases;
        }
    }
    std::printf("killed and %s: %zu cases of %zu transitions\n",
                GetParam() == RecoveryMode::resume ? "resumed" : "rolled back", cases, all_transitions().size());
}

INSTANTIATE_TEST_SUITE_P(Recovery, Kills, testing::Values(RecoveryMode::roll_back, RecoveryMode::resume),
                         [](const auto& mode) {
                             return mode.param == RecoveryMode::resume ? "Resumed" : "RolledBack";
                         });

TEST(KillsDuringRecovery, AreRecoveredToo) {
    std::size_t cases = 0;
    for (const Transition& transition : all_transitions()) {
        if (transition.one_way) continue;
        World fresh(on_disk()), world(on_disk());
        transition.prepare(fresh);
        const std::string before = snapshot(fresh);
        const auto plan = transition.plan(fresh);
        ASSERT_TRUE(plan);
        fresh.close();
        for (const std::string& point : points_of(*plan, true)) {
            if (point.find("undo.verify") == 0) continue; // changes nothing, so there is nothing to undo
            world.become(fresh);
            ASSERT_TRUE(
                killed_at("operation.before-end", [&] { (void)execute(world.environment(), *plan, {}, in_time()); }));
            EXPECT_TRUE(killed_at(point, [&] { recover_all(world, RecoveryMode::roll_back, point); })) << point;
            ASSERT_NO_FATAL_FAILURE(recover_all(world, RecoveryMode::roll_back, point));
            ASSERT_EQ(difference(before, snapshot(world)), "") << transition.name << ", " << point;
            ++cases;
        }
    }
    std::printf("killed while being rolled back: %zu cases\n", cases);
}

TEST(Kills, ASettingThatWasRaisedTwiceComesBackFromAStepThatWasTakenUpAgain) {
    World world(on_disk());
    const std::string before = snapshot(world);
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kNic}, "alpha"))), "done");
    const std::string held = settings_of(world, "alpha");
    const auto plan = world.plan_assign({kGpu}, "alpha");
    ASSERT_TRUE(plan && !plan->blocked());
    for (const char* point : {"step.vm.settings.after-run", "operation.before-end"}) {
        World killed(on_disk());
        world.close();
        killed.become(world);
        ASSERT_TRUE(killed_at(point, [&] { (void)execute(killed.environment(), *plan, {}, in_time()); })) << point;
        ASSERT_NO_FATAL_FAILURE(recover_all(killed, RecoveryMode::resume, point));
        ASSERT_NE(settings_of(killed, "alpha"), held) << "the graphics card needs more space than the network card";
        ASSERT_EQ(outcome_text(killed.run(killed.plan_return({kGpu, kNic}))), "done");
        ASSERT_EQ(difference(before, snapshot(killed)), "") << point;
    }
}

} // namespace
} // namespace exhyperv::assign

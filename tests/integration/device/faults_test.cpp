#include "host/faulty_host.h"
#include "snapshot.h"
#include "test_points.h"
#include "transitions.h"
#include "world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace exhyperv::assign {
namespace {

WorldSpec on_disk() {
    WorldSpec spec;
    spec.on_disk = true;
    return spec;
}

/// As before; where a step has no way back, a device in a place the table names and settings as recorded.
void expect_undone(World& world, const Transition& transition, const std::string& before, const std::string& where) {
    const std::string change = difference(before, snapshot(world));
    if (change.empty()) return;
    EXPECT_TRUE(transition.one_way) << transition.name << ", " << where << ":\n" << change;
    EXPECT_EQ(change.find("- alpha holds"), 0u) << "only the reference that led nowhere: " << change;
    EXPECT_EQ(change.find('\n'), change.size() - 1) << transition.name << ", " << where << ":\n" << change;
}

TEST(Faults, InEveryStepOfEveryTransitionAreUndone) {
    std::size_t cases = 0;
    for (const Transition& transition : all_transitions()) {
        World fresh(on_disk()), world(on_disk());
        transition.prepare(fresh);
        const std::string before = snapshot(fresh);
        const auto plan = transition.plan(fresh);
        ASSERT_TRUE(plan) << describe(plan.error());
        fresh.close();
        for (const Step& step : plan->steps)
            for (const char* phase : {".before", ".after-intent", ".after-run", ".after-result"}) {
                const std::string point = "step." + step.id + phase;
                world.become(fresh);
                Result<OperationResult> result;
                {
                    const Injected failure(point);
                    result = execute(world.environment(), *plan, {}, in_time());
                }
                ASSERT_THAT(outcome_text(result), testing::StartsWith("undone: operation.injected_failure")) << point;
                expect_undone(world, transition, before, point);
                EXPECT_TRUE(open_operations(world.environment())->empty());
                ++cases;
            }
    }
    std::printf("failed and undone: %zu cases of %zu transitions\n", cases, all_transitions().size());
}

struct Breakage {
    const char* name;
    const char* rule; ///< what happens to the call
};

/// Breaks the nth changing call of a transition, for every n until none is left to break.
void break_every_call(const char* call, const Breakage& breakage, std::size_t& cases) {
    for (const Transition& transition : all_transitions()) {
        World fresh(on_disk()), world(on_disk());
        transition.prepare(fresh);
        const std::string before = snapshot(fresh);
        const auto plan = transition.plan(fresh);
        ASSERT_TRUE(plan) << describe(plan.error());
        fresh.close();
        for (int nth = 1; nth < 20; ++nth) {
            world.become(fresh);
            const std::string script = std::string(R"({"faults": [{"call": ")") + call + R"(", "nth": )" +
                                       std::to_string(nth) + ", " + breakage.rule + "}]}";
            const auto faults = host::FaultScript::parse(script);
            ASSERT_TRUE(faults) << describe(faults.error());
            host::FaultyHost faulty(world.host(), *faults);
            const auto result = execute({faulty, world.state_directory()}, *plan, {}, in_time());
            const std::string where = std::string(call) + " " + std::to_string(nth) + " " + breakage.name;
            const bool broken = !faults->seen().empty() && faults->seen().front() >= static_cast<std::uint32_t>(nth);
            ASSERT_TRUE(result) << where << ": " << describe(result.error());
            if (result->outcome == Outcome::done) { // the fault did not matter, or there was no such call any more
                if (!broken) break;
                ++cases;
                continue;
            }
            ASSERT_THAT(outcome_text(result), testing::StartsWith("undone: ")) << transition.name << ", " << where;
            expect_undone(world, transition, before, where);
            ++cases;
        }
    }
}

TEST(Faults, InEveryChangingCallAreUndone) {
    std::size_t cases = 0;
    constexpr Breakage kLost[] = {{"lost before", R"("lost": "before")"}, {"lost after", R"("lost": "after")"}};
    for (const char* call : {"invoke", "devices.disable", "devices.enable", "devices.set_disk_online"})
        for (const Breakage& breakage : kLost)
            ASSERT_NO_FATAL_FAILURE(break_every_call(call, breakage, cases));
    ASSERT_NO_FATAL_FAILURE(break_every_call("invoke", {"refused", R"("return_value": 32768)"}, cases));
    std::printf("broken calls, each undone or borne: %zu cases\n", cases);
}

} // namespace
} // namespace exhyperv::assign

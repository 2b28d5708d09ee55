#include "sample_plan.h"

#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

TEST(PlanJson, ComesBackAsItWas) {
    const Plan plan = sample_plan(3);
    const auto again = plan_from_json(nlohmann::json::parse(to_json(plan).dump()));
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_EQ(to_json(*again), to_json(plan));
    EXPECT_FALSE(again->blocked());
}

TEST(PlanJson, RefusesEveryFieldThatIsMissingOrOfAnotherType) {
    const auto whole = to_json(sample_plan(1));
    const auto refused = [](nlohmann::json document) {
        const auto plan = plan_from_json(document);
        return !plan && plan.error().code == "journal.corrupt";
    };
    for (const auto& [name, value] : whole.items()) {
        if (name == "blocked") continue; // derived, only for readers
        auto missing = whole, other = whole;
        missing.erase(name);
        other[name] = 42;
        EXPECT_TRUE(refused(missing)) << name;
        EXPECT_TRUE(refused(other)) << name;
    }
    for (const auto& [name, value] : whole["steps"][0].items()) {
        auto missing = whole, other = whole;
        missing["steps"][0].erase(name);
        other["steps"][0][name] = 42;
        EXPECT_TRUE(refused(missing)) << name;
        EXPECT_TRUE(refused(other)) << name;
    }
    for (const auto* bad : {"null", "[]", "7", "\"x\""})
        EXPECT_TRUE(refused(nlohmann::json::parse(bad))) << bad;
}

TEST(Plan, IsBlockedByOneFailedCheckOnly) {
    Plan plan = sample_plan(1);
    plan.checks.push_back({"vm.power", Verdict::unknown, {}, {}});
    EXPECT_FALSE(plan.blocked());
    plan.checks.push_back({"vm.power", Verdict::fail, {}, {}});
    EXPECT_TRUE(plan.blocked());
}

} // namespace
} // namespace exhyperv::assign

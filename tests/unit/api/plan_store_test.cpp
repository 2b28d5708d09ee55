#include "api/plan_store.h"

#include <gtest/gtest.h>

namespace exhyperv::api {
namespace {

using namespace std::chrono_literals;

class PlanStoreTest : public ::testing::Test {
  protected:
    PlanStore::Clock::time_point now{};
    PlanStore store{30min, 2, [this] { return now; }};

    static assign::Plan plan(const std::string& id) {
        assign::Plan made;
        made.id = id;
        made.host_uri = "sim:workstation";
        return made;
    }
    std::string refusal(const std::string& id, const std::string& host = "sim:workstation") {
        const auto taken = store.take(id, host);
        return taken ? "taken" : taken.error().code;
    }
};

TEST_F(PlanStoreTest, HandsAPlanOutOnce) {
    store.keep(plan("a"));
    EXPECT_EQ(refusal("a"), "taken");
    EXPECT_EQ(refusal("a"), "api.plan_expired");
}

TEST_F(PlanStoreTest, ForgetsAPlanAfterHalfAnHour) {
    store.keep(plan("a"));
    now += 31min;
    EXPECT_EQ(refusal("a"), "api.plan_expired");
}

TEST_F(PlanStoreTest, RefusesAPlanOfAnotherHostAndKeepsIt) {
    store.keep(plan("a"));
    EXPECT_EQ(refusal("a", "sim:server2025"), "api.plan_expired");
    EXPECT_EQ(refusal("a"), "taken");
}

TEST_F(PlanStoreTest, DropsTheOldestWhenThereAreTooMany) {
    for (const char* id : {"a", "b", "c"}) {
        store.keep(plan(id));
        now += 1min;
    }
    EXPECT_EQ(refusal("a"), "api.plan_expired");
    EXPECT_EQ(refusal("b"), "taken");
    EXPECT_EQ(refusal("c"), "taken");
}

} // namespace
} // namespace exhyperv::api

#include "assign/preflight/readiness.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::assign {
namespace {

Survey survey_of_a_server() {
    Survey survey;
    survey.facts.build = 26100;
    survey.facts.product_type = model::ProductType::server;
    survey.facts.hyperv_service_running = true;
    return survey;
}

const ReadinessItem* find(const std::vector<ReadinessItem>& items, std::string_view id) {
    const auto at =
        std::find_if(items.begin(), items.end(), [&](const ReadinessItem& item) { return item.check.id == id; });
    return at == items.end() ? nullptr : &*at;
}

TEST(Readiness, OfAServerWithoutPolicyValuesOffersToSetThem) {
    const auto items = check_readiness(survey_of_a_server(), nullptr, {"win11"});
    const auto* policy = find(items, "host.policy");
    ASSERT_NE(policy, nullptr);
    EXPECT_EQ(policy->check.verdict, Verdict::warn);
    EXPECT_EQ(policy->fix, "policy.allow");
    const auto* drivers = find(items, "host.drivers");
    ASSERT_NE(drivers, nullptr);
    EXPECT_EQ(drivers->fix, "gpu.sync");
}

TEST(Readiness, OfAHostSeenFromAnotherComputerClaimsNothingThatWasNotReadAndOffersNothing) {
    const auto items = check_readiness(survey_of_a_server(), nullptr, {}, true);
    const auto* policy = find(items, "host.policy");
    ASSERT_NE(policy, nullptr);
    EXPECT_EQ(policy->check.verdict, Verdict::unknown);
    const auto* rights = find(items, "host.elevation");
    ASSERT_NE(rights, nullptr);
    EXPECT_EQ(rights->check.evidence.key, "check.host.elevation.remote");
    EXPECT_EQ(find(items, "host.drivers"), nullptr);
    for (const ReadinessItem& item : items)
        EXPECT_EQ(item.fix, "") << item.check.id;
}

} // namespace
} // namespace exhyperv::assign

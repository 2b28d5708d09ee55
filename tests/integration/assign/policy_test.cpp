#include "assign/host_policy.h"
#include "assign/inverse.h"
#include "assign/state/original_policy.h"
#include "hyperv/host_facts.h"
#include "snapshot.h"
#include "world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kAllow = PolicyRequest::Wish::allow, kRestore = PolicyRequest::Wish::restore;

OperationResult run(World& world, PolicyRequest::Wish wish) {
    const auto plan = plan_policy(world.environment(), {wish}, in_time());
    EXPECT_TRUE(plan) << describe(plan.error());
    const auto result = execute(world.environment(), *plan, {}, in_time());
    EXPECT_TRUE(result) << describe(result.error());
    return *result;
}

model::HostFacts facts(World& world) {
    return *hyperv::read_host_facts(world.host(), in_time());
}

Result<> write(World& world, std::string_view name, std::uint32_t value) {
    return world.host().registry().write(std::string(hyperv::kPolicyKey),
                                         host::RegistryValue::number(std::string(name), value), in_time());
}

TEST(Policy, IsAllowedOnAServerAndPutBackAsItWas) {
    World world({.server = true});
    ASSERT_TRUE(write(world, hyperv::kRequireSecure, 1)); // one is set, the other does not exist
    EXPECT_EQ(run(world, kAllow).outcome, Outcome::done);
    EXPECT_EQ(facts(world).require_secure_device_assignment, 0u);
    EXPECT_EQ(facts(world).require_supported_device_assignment, 0u);
    EXPECT_EQ(run(world, kAllow).outcome, Outcome::nothing_to_do);

    EXPECT_EQ(run(world, kRestore).outcome, Outcome::done);
    EXPECT_EQ(facts(world).require_secure_device_assignment, 1u);
    EXPECT_FALSE(facts(world).require_supported_device_assignment) << "it did not exist before";
    EXPECT_EQ(run(world, kRestore).outcome, Outcome::nothing_to_do);
}

TEST(Policy, ThatAGpuAddSetIsPutBackToo) {
    World world({.server = true});
    const auto added = world.add();
    ASSERT_TRUE(added) << describe(added.error());
    EXPECT_EQ(facts(world).require_secure_device_assignment, 0u);
    const auto plan = plan_policy(world.environment(), {kRestore}, in_time());
    ASSERT_TRUE(plan);
    ASSERT_TRUE(find_check(*plan, "policy.in_use")) << "a VM needs it";
    EXPECT_EQ(find_check(*plan, "policy.in_use")->verdict, Verdict::warn);
    EXPECT_EQ(run(world, kRestore).outcome, Outcome::done);
    EXPECT_FALSE(facts(world).require_secure_device_assignment);
}

TEST(Policy, SomebodyElsesChangeStays) {
    World world({.server = true});
    run(world, kAllow);
    ASSERT_TRUE(write(world, hyperv::kRequireSecure, 1));
    const auto plan = plan_policy(world.environment(), {kRestore}, in_time());
    ASSERT_TRUE(plan);
    EXPECT_TRUE(find_check(*plan, "policy.values"));
    run(world, kRestore);
    EXPECT_EQ(facts(world).require_secure_device_assignment, 1u);
    EXPECT_FALSE(facts(world).require_supported_device_assignment);
    EXPECT_THAT(*original_policy(world.state_directory()), IsEmpty());
}

TEST(Policy, OfAClientNeedsNothing) {
    World world;
    const auto plan = plan_policy(world.environment(), {kAllow}, in_time());
    ASSERT_TRUE(plan);
    EXPECT_TRUE(plan->nothing_to_do());
}

TEST(Policy, AFailureAfterwardsIsUndoneWithWhatIsRemembered) {
    World world({.server = true});
    ASSERT_EQ(::setenv("EXHYPERV_FAIL_AT", "step.partition.add.after-run", 1), 0);
    const auto added = world.add();
    ::unsetenv("EXHYPERV_FAIL_AT");
    ASSERT_TRUE(added);
    EXPECT_EQ(added->outcome, Outcome::undone);
    EXPECT_FALSE(facts(world).require_secure_device_assignment);
    EXPECT_THAT(*original_policy(world.state_directory()), IsEmpty());
}

TEST(Inverse, OfAGpuAddTakesTheCardAndItsDriverOutAgain) {
    World world;
    const std::string before = snapshot(world);
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan);
    ASSERT_TRUE(execute(world.environment(), *plan, {}, in_time()));
    const auto inverse = inverse_of(*plan);
    ASSERT_TRUE(inverse);
    const auto* remove = std::get_if<GpuRemoveRequest>(&*inverse);
    ASSERT_TRUE(remove);
    EXPECT_TRUE(remove->purge);
    const auto removed = world.remove(*remove);
    ASSERT_TRUE(removed) << describe(removed.error());
    EXPECT_EQ(removed->outcome, Outcome::done);
    EXPECT_EQ(difference(before, snapshot(world)), "");
}

TEST(Inverse, OfAGpuRemoveGivesTheSameCardAgain) {
    World world;
    ASSERT_TRUE(world.add());
    const auto plan = world.plan_remove();
    ASSERT_TRUE(plan);
    ASSERT_TRUE(execute(world.environment(), *plan, {}, in_time()));
    const auto inverse = inverse_of(*plan);
    ASSERT_TRUE(inverse);
    const auto* add = std::get_if<GpuAddRequest>(&*inverse);
    ASSERT_TRUE(add);
    const auto added = world.add(*add);
    ASSERT_TRUE(added) << describe(added.error());
    EXPECT_EQ(added->outcome, Outcome::done);
}

TEST(Inverse, OfWhatCannotBeTakenBackIsNone) {
    Plan plan;
    for (const char* operation : {"gpu.sync", "gpu.add", "device.recover", "device.assign", "something.new"}) {
        plan.operation = operation;
        EXPECT_FALSE(inverse_of(plan)) << operation;
    }
}

} // namespace
} // namespace exhyperv::assign

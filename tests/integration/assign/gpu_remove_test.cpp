#include "guest/guest_disk.h"
#include "hyperv/power.h"
#include "hyperv/settings.h"
#include "snapshot.h"
#include "world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace exhyperv::assign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

void run_add(World& world, GpuAddRequest request = {}) {
    const auto added = world.add(std::move(request));
    ASSERT_TRUE(added) << describe(added.error());
    ASSERT_EQ(added->outcome, Outcome::done) << (added->error ? describe(*added->error) : "");
}

TEST(GpuRemove, WithPurgeLeavesEverythingAsItWas) {
    World world;
    const std::string before = snapshot(world);
    run_add(world);
    EXPECT_NE(snapshot(world), before);

    const auto plan = world.plan_remove({.purge = true});
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_THAT(step_ids(*plan), ElementsAre("partition.remove", "vm.settings", "guest.purge", "verify"));
    const auto result = execute(world.environment(), *plan, {}, in_time());
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::done) << (result->error ? describe(*result->error) : "");
    EXPECT_EQ(difference(before, snapshot(world)), "");
    EXPECT_TRUE(world.plan_remove({.purge = true})->nothing_to_do());
}

TEST(GpuRemove, KeepsTheDriverWithoutPurge) {
    World world;
    run_add(world);
    const std::string guest = guest_snapshot(world);
    const auto removed = world.remove();
    ASSERT_TRUE(removed) << describe(removed.error());
    EXPECT_EQ(removed->outcome, Outcome::done);
    EXPECT_EQ(difference(guest, guest_snapshot(world)), "");
    EXPECT_EQ(world.vm().settings.high_mmio_mib, 512u);
    const auto told = history(world.environment());
    ASSERT_EQ(told->size(), 2u);
    EXPECT_EQ(told->front().plan.operation, "gpu.remove") << "the latest first, though both began in one second";

    const auto later = world.plan_remove({.purge = true});
    ASSERT_TRUE(later);
    EXPECT_THAT(step_ids(*later), ElementsAre("guest.purge", "verify")) << "what was left can still be taken out";
}

TEST(GpuRemove, DoesNotSayThatAPartitionIsGoneWhileItIsThere) {
    World world;
    run_add(world);
    auto plan = world.plan_remove();
    ASSERT_TRUE(plan) << describe(plan.error());
    std::erase_if(plan->steps, [](const Step& step) { return step.id == "partition.remove"; }); // as if it came back
    const auto result = execute(world.environment(), *plan, {}, in_time());
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::undone);
    ASSERT_TRUE(result->error);
    EXPECT_EQ(result->error->code, "step.partition_still_there");
}

TEST(GpuRemove, LeavesASettingTheUserHasChangedSince) {
    World world;
    run_add(world);
    const auto vm = world.vm();
    ASSERT_TRUE(
        hyperv::change_settings(world.host().cim(), vm.id, {{hyperv::kHighMmio, std::uint64_t{65536}}}, in_time()));
    const auto plan = world.plan_remove();
    ASSERT_TRUE(plan);
    ASSERT_TRUE(find_check(*plan, "vm.settings"));
    EXPECT_EQ(find_check(*plan, "vm.settings")->verdict, Verdict::warn);
    ASSERT_EQ(execute(world.environment(), *plan, {}, in_time())->outcome, Outcome::done);
    EXPECT_EQ(world.vm().settings.high_mmio_mib, 65536u);
    EXPECT_EQ(world.vm().settings.guest_controlled_cache_types, false);
}

TEST(GpuRemove, PutsNothingBackThatItDidNotChange) {
    World world(
        {.vms =
             "[" +
             vm_json(
                 "target", R"({"build": 26100})",
                 R"(, "settings": {"cache_types": true, "low_mmio_mib": 2048, "high_mmio_mib": 65536}, "gpus": ["rtx4070"])") +
             "]"});
    const auto settings = world.vm().settings;
    const auto removed = world.remove({.gpu = "4070"});
    ASSERT_TRUE(removed) << describe(removed.error());
    EXPECT_EQ(removed->outcome, Outcome::done);
    EXPECT_EQ(world.vm().settings, settings);
}

TEST(GpuRemove, HasNothingToDoWhenTheVmHasNone) {
    World world;
    const auto plan = world.plan_remove();
    ASSERT_TRUE(plan);
    EXPECT_TRUE(plan->nothing_to_do());
    EXPECT_EQ(world.plan_remove({.gpu = "RTZ 4070"}).error().code, "gpu.not_found");
}

TEST(GpuRemove, OfARunningVmTakesThePartitionButNotTheSettings) {
    World world(
        {.vms =
             "[" +
             vm_json(
                 "target", "",
                 R"(, "settings": {"cache_types": true, "low_mmio_mib": 1024, "high_mmio_mib": 32768}, "gpus": ["rtx4070"])")
                 .replace(vm_json("target", "").find("\"off\""), 5, "\"running\"") +
             "]"});
    const auto plan = world.plan_remove();
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_FALSE(plan->blocked()) << all_checks(*plan);
    EXPECT_THAT(step_ids(*plan), ElementsAre("partition.remove", "verify"));
}

TEST(GpuRemove, LooksForTheDriverOfARunningVmWhenItIsOff) {
    World world;
    run_add(world);
    std::filesystem::remove_all(world.state_directory() + "/guests"); // as on another host
    ASSERT_TRUE(hyperv::start(world.host().cim(), world.vm().id, in_time()));
    const auto refused = world.plan_remove({.purge = true});
    ASSERT_TRUE(refused) << describe(refused.error());
    EXPECT_TRUE(refused->blocked()) << "what is to be taken out is in a disk that is in use";

    const auto plan = world.plan_remove({.power = PowerPolicy::turn_off, .purge = true});
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_THAT(step_ids(*plan), ElementsAre("vm.power", "partition.remove", "vm.settings", "guest.purge", "verify"));
    const auto result = execute(world.environment(), *plan, {}, in_time());
    ASSERT_TRUE(result) << describe(result.error());
    ASSERT_EQ(result->outcome, Outcome::done) << (result->error ? describe(*result->error) : "");
    const auto disk = guest::GuestDisk::open(world.disk_of(), {.writable = false});
    ASSERT_TRUE(disk) << describe(disk.error());
    EXPECT_FALSE((*disk)->volume().stat("Windows\\System32\\HostDriverStore")->has_value());
}

} // namespace
} // namespace exhyperv::assign

#include "guest/image.h"
#include "snapshot.h"
#include "world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace exhyperv::assign {
namespace {

struct Refusal {
    const char* name;
    WorldSpec spec;
    const char* check;    ///< the check that fails
    const char* evidence; ///< its evidence key
};

std::string with_state(const char* state) {
    std::string vm = vm_json("target");
    return "[" + vm.replace(vm.find("\"off\""), 5, state) + "]";
}

WorldSpec disk(const std::string& image) {
    return {.vms = "[" + vm_json("target", image) + "]"};
}

const Refusal kRefusals[] = {
    {"HostOfAnOldServerBuild", {.server = true, .build = 17763}, "host.build", "check.host.build.server_too_old"},
    {"HostOfAnOldClientBuild", {.build = 19041}, "host.build", "check.host.build.client_too_old"},
    {"RunningVm", {.vms = with_state("\"running\"")}, "vm.power", "check.vm.power.running"},
    {"SavedVm", {.vms = with_state("\"saved\"")}, "vm.power", "check.vm.power.saved"},
    {"PausedVm", {.vms = with_state("\"paused\"")}, "vm.power", "check.vm.power.paused"},
    {"GuestOlderThanGpuPv", disk(R"({"build": 16299})"), "guest.build", "check.guest.build.too_old"},
    {"NoWindowsOnTheDisk", disk(R"({"content": "data"})"), "guest.disk", "error.guest.no_windows.title"},
    {"TwoWindows", disk(R"({"content": "two_windows", "size_gib": 8})"), "guest.disk",
     "error.guest.ambiguous_windows.title"},
    {"BitLocker", disk(R"({"conditions": ["bitlocker"]})"), "guest.disk", "error.guest.bitlocker.title"},
    {"Hibernated", disk(R"({"conditions": ["hibernated"]})"), "guest.disk", "error.guest.hibernated.title"},
    {"FastStartup", disk(R"({"conditions": ["fast_startup"]})"), "guest.disk", "error.guest.fast_startup.title"},
    {"DirtyVolume", disk(R"({"conditions": ["dirty_volume"]})"), "guest.disk", "error.guest.dirty_volume.title"},
    {"DirtyHive", disk(R"({"conditions": ["dirty_hive"]})"), "guest.disk", "error.guest.hive_not_closed.title"},
    {"TruncatedImage", disk(R"({"conditions": ["truncated"]})"), "guest.disk", "error.disk.truncated.title"},
    {"FullGuest", disk(R"({"free_mib": 2})"), "guest.space", "check.guest.space.full"},
    {"NoDisk", {.vms = "[" + vm_json("target", "") + "]"}, "guest.disk", "error.guest.no_disk.title"},
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, WithAReasonAndARemedyAndWithoutAChange) {
    World world(GetParam().spec);
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan) << describe(plan.error());
    const Check* check = find_check(*plan, GetParam().check);
    for (const Check& one : plan->checks)
        if (one.id == GetParam().check && one.verdict == Verdict::fail) check = &one;
    ASSERT_TRUE(check) << all_checks(*plan);
    EXPECT_EQ(check->verdict, Verdict::fail) << all_checks(*plan);
    EXPECT_EQ(check->evidence.key, GetParam().evidence) << all_checks(*plan);
    EXPECT_FALSE(check->remedy.key.empty());
    EXPECT_TRUE(plan->blocked());
    EXPECT_EQ(execute(world.environment(), *plan, {}, in_time()).error().code, "plan.blocked");
    EXPECT_EQ(world.vm().settings.high_mmio_mib.value_or(512), 512u);
    EXPECT_TRUE(history(world.environment())->empty());
}

INSTANTIATE_TEST_SUITE_P(States, Refused, testing::ValuesIn(kRefusals), [](const auto& one) { return one.param.name; });

TEST(Refusals, UnknownVmAndUnknownCard) {
    World world;
    EXPECT_EQ(world.plan_add({.vm = "tarrget"}).error().code, "vm.not_found");
    EXPECT_EQ(*world.plan_add({.vm = "tarrget"}).error().arg("near"), "target");
    EXPECT_EQ(world.plan_add({.gpu = "RTX 5090"}).error().code, "gpu.not_found");
}

TEST(Refusals, ADiskThatSomebodyElseHasOpen) {
    World world;
    const auto image = guest::open_image(world.disk_of(), {true, true});
    ASSERT_TRUE(image) << describe(image.error());
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan);
    ASSERT_TRUE(find_check(*plan, "guest.disk")) << all_checks(*plan);
    EXPECT_EQ(find_check(*plan, "guest.disk")->evidence.key, "error.disk.in_use.title") << all_checks(*plan);
    EXPECT_TRUE(plan->blocked());
}

TEST(Refusals, ACardThatIsGivenToAVmAsAWhole) {
    World world({.server = true,
                 .vms = "[" + vm_json("target") + "," + vm_json("owner", "", R"(, "devices": ["rtx4070"])") + "]"});
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan) << describe(plan.error());
    ASSERT_TRUE(find_check(*plan, "gpu.exclusive")) << all_checks(*plan);
    EXPECT_EQ(find_check(*plan, "gpu.exclusive")->evidence.key, "check.gpu.exclusive.in_vm") << all_checks(*plan);
    EXPECT_TRUE(plan->blocked());
}

TEST(Refusals, AParentOfACheckpointNamedByItsPath) {
    World world(
        {.vms = "[" + vm_json("target", R"({"build": 26100})", R"(, "checkpoints": [{"name": "before"}])") + "]"});
    const auto vm = world.vm();
    ASSERT_EQ(vm.checkpoint_disks.size(), 1u);
    const auto plan = world.plan_add({.disk = vm.checkpoint_disks.front()});
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_EQ(find_check(*plan, "guest.disk")->evidence.key, "error.disk.parent_of_checkpoint.title")
        << all_checks(*plan);

    const auto leaf = world.plan_add(); // the leaf is written to, with a warning
    ASSERT_TRUE(leaf);
    EXPECT_FALSE(leaf->blocked()) << all_checks(*leaf);
    ASSERT_TRUE(find_check(*leaf, "guest.chain"));
    EXPECT_EQ(find_check(*leaf, "guest.chain")->verdict, Verdict::warn);
}

TEST(Warned, AGuestThatCannotShowTheCardsName) {
    World world(disk(R"({"build": 17763})"));
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan);
    EXPECT_FALSE(plan->blocked()) << all_checks(*plan);
    EXPECT_EQ(find_check(*plan, "guest.build")->verdict, Verdict::warn);
}

TEST(Warned, DynamicMemoryAndGenerationOne) {
    World world({.vms = "[" +
                        vm_json("target", R"({"build": 19045, "table": "mbr"})",
                                R"(, "generation": 1, "dynamic_memory": true)") +
                        "]"});
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_EQ(find_check(*plan, "vm.generation")->verdict, Verdict::warn);
    EXPECT_NE(find_check(*plan, "vm.memory")->verdict, Verdict::fail);
}

} // namespace
} // namespace exhyperv::assign

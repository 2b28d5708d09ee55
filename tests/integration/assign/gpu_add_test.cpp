#include "guest/guest_disk.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "snapshot.h"
#include "text/catalogue.h"
#include "world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GpuAdd : public testing::TestWithParam<const char*> {};

TEST_P(GpuAdd, DoesEverythingOnceAndNothingTheSecondTime) {
    World world({.server = true, .answers = GetParam()});
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan) << describe(plan.error());
    ASSERT_FALSE(plan->blocked()) << all_checks(*plan);
    EXPECT_THAT(step_ids(*plan), ElementsAre("policy.write", "vm.settings", "partition.add", "guest.import", "verify"));

    std::vector<StepEvent::Kind> events;
    const auto result = execute(
        world.environment(), *plan,
        [&](const StepEvent& event) {
            if (event.kind != StepEvent::Kind::progress) events.push_back(event.kind);
        },
        in_time());
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::done) << (result->error ? describe(*result->error) : "");
    EXPECT_EQ(result->steps.size(), 5u);
    EXPECT_EQ(std::count(events.begin(), events.end(), StepEvent::Kind::started), 5);

    const auto vm = world.vm();
    EXPECT_EQ(vm.settings.guest_controlled_cache_types, true);
    EXPECT_EQ(vm.settings.low_mmio_mib, 1024u);
    EXPECT_EQ(vm.settings.high_mmio_mib, 32768u);
    EXPECT_EQ(vm.settings.stop_action, model::StopAction::shut_down);
    EXPECT_EQ(vm.settings.checkpoint_type, model::CheckpointType::disabled);
    const auto gpus = hyperv::list_partitionable_gpus(world.host().cim(), in_time());
    const auto partitions = hyperv::list_gpu_partitions(world.host().cim(), *gpus, in_time());
    ASSERT_EQ(partitions->size(), 1u);
    EXPECT_EQ(partitions->front().vm_id, vm.id);
    EXPECT_EQ(partitions->front().gpu_interface_path, gpus->front().interface_path);

    const std::string guest = guest_snapshot(world);
    EXPECT_THAT(guest, HasSubstr("HostDriverStore\\FileRepository\\nv_dispi.inf_amd64"));
    EXPECT_THAT(guest, HasSubstr("[ControlSet001\\Services\\nvlddmkm]"));

    const auto again = world.plan_add();
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_TRUE(again->nothing_to_do()) << testing::PrintToString(step_ids(*again)) << all_checks(*again);
    EXPECT_EQ(execute(world.environment(), *again, {}, in_time())->outcome, Outcome::nothing_to_do);

    const auto told = history(world.environment());
    ASSERT_TRUE(told);
    ASSERT_EQ(told->size(), 1u);
    EXPECT_EQ(told->front().state, HistoryEntry::State::done);
    EXPECT_EQ(told->front().steps_done, 5u);
    EXPECT_TRUE(open_operations(world.environment())->empty());
}

INSTANTIATE_TEST_SUITE_P(Answers, GpuAdd, testing::Values("natural", "sync", "job"),
                         [](const auto& one) { return std::string(one.param); });

TEST(GpuAddPlan, ChangesNothing) {
    World world({.server = true});
    const std::string before = snapshot(world);
    ASSERT_TRUE(world.plan_add());
    EXPECT_EQ(difference(before, snapshot(world)), "");
}

TEST(GpuAddPlan, IsWordedInBothLanguages) {
    World world({.server = true});
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan);
    std::vector<Message> messages{plan->title};
    for (const Check& check : plan->checks) {
        messages.push_back({"check." + check.id, {}});
        messages.push_back(check.evidence);
        if (!check.remedy.key.empty()) messages.push_back(check.remedy);
    }
    for (const Step& step : plan->steps)
        for (const Message& message : {step.what, step.why, step.undo})
            if (!message.key.empty()) messages.push_back(message);
    for (const Message& message : messages)
        for (const auto language : {text::Language::en, text::Language::zh_hans}) {
            EXPECT_TRUE(text::find_text(message.key, language)) << message.key;
            EXPECT_EQ(text::render(message, language).find('{'), std::string::npos) << text::render(message, language);
        }
}

TEST(GpuAddPlan, LeavesPolicyAloneOnAClient) {
    World world;
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_THAT(step_ids(*plan), ElementsAre("vm.settings", "partition.add", "guest.import", "verify"));
}

TEST(GpuAddPlan, LeavesTheGuestAloneWithoutDrivers) {
    World world;
    GpuAddRequest request;
    request.drivers = false;
    const auto plan = world.plan_add(request);
    ASSERT_TRUE(plan);
    EXPECT_THAT(step_ids(*plan), ElementsAre("vm.settings", "partition.add", "verify"));
}

TEST(GpuAddPlan, FindsTheVmByGuidWhenNamesAreEqual) {
    World world({.vms = "[" + vm_json("twin", "", R"(, "id": "11111111-1111-1111-1111-111111111111")") + "," +
                        vm_json("twin", "", R"(, "id": "22222222-2222-2222-2222-222222222222")") + "," +
                        vm_json("TESTHOST", "") + "]"});
    GpuAddRequest request{.gpu = kCard, .vm = "twin", .drivers = false};
    EXPECT_EQ(world.plan_add(request).error().code, "vm.ambiguous");
    request.vm = "22222222-2222-2222-2222-222222222222";
    EXPECT_TRUE(world.plan_add(request));
    request.vm = "TESTHOST"; // a VM called like the host, not the host
    const auto plan = world.plan_add(request);
    ASSERT_TRUE(plan);
    EXPECT_EQ(*plan->title.args.at(1).second.c_str(), 'T');
}

TEST(GpuAddRun, ShutsARunningVmDownOnlyWhenAsked) {
    std::string vm = vm_json("target");
    World running({.vms = "[" + vm.replace(vm.find("\"off\""), 5, "\"running\"") + "]"});
    const auto refused = running.plan_add();
    ASSERT_TRUE(refused) << describe(refused.error());
    EXPECT_TRUE(refused->blocked());
    EXPECT_EQ(find_check(*refused, "vm.power")->verdict, Verdict::fail);
    EXPECT_EQ(execute(running.environment(), *refused, {}, in_time()).error().code, "plan.blocked");
    EXPECT_EQ(running.vm().state, model::VmState::running);

    GpuAddRequest request;
    request.power = PowerPolicy::shut_down;
    const auto plan = running.plan_add(request);
    ASSERT_TRUE(plan);
    EXPECT_EQ(step_ids(*plan).front(), "vm.power");
    const auto result = execute(running.environment(), *plan, {}, in_time());
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::done) << (result->error ? describe(*result->error) : "");
    EXPECT_EQ(running.vm().state, model::VmState::off);
    EXPECT_TRUE(running.plan_add()->nothing_to_do());
}

} // namespace
} // namespace exhyperv::assign

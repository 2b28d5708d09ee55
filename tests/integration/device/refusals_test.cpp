#include "snapshot.h"
#include "world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

/// The plan is refused because of this check, and nothing was changed; with the danger accepted it is not.
void refused_until_accepted(World& world, const std::vector<std::string>& devices, const std::string& check,
                            const std::string& danger) {
    const std::string before = snapshot(world);
    const auto plan = world.plan_assign(devices, "beta");
    ASSERT_TRUE(plan) << describe(plan.error());
    ASSERT_TRUE(find_check(*plan, check)) << all_checks(*plan);
    EXPECT_EQ(find_check(*plan, check)->verdict, Verdict::fail) << all_checks(*plan);
    ASSERT_TRUE(find_check(*plan, "device.accept"));
    EXPECT_THAT(find_check(*plan, "device.accept")->evidence.args.front().second, testing::HasSubstr(danger));
    const auto refused = world.run(plan);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "plan.blocked");
    EXPECT_EQ(difference(before, snapshot(world)), "");

    DeviceAssignRequest request;
    request.accept = {danger};
    const auto accepted = world.plan_assign(devices, "beta", request);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(find_check(*accepted, check)->verdict, Verdict::warn);
    EXPECT_FALSE(accepted->blocked()) << all_checks(*accepted);
}

void refused_for_good(World& world, const std::vector<std::string>& devices, const std::string& check) {
    DeviceAssignRequest request;
    for (const auto danger : accepted_dangers())
        request.accept.emplace_back(danger);
    const auto plan = world.plan_assign(devices, "beta", request);
    ASSERT_TRUE(plan) << describe(plan.error());
    ASSERT_TRUE(find_check(*plan, check)) << all_checks(*plan);
    EXPECT_EQ(find_check(*plan, check)->verdict, Verdict::fail) << all_checks(*plan);
    EXPECT_TRUE(plan->blocked());
}

TEST(Safety, RefusesTheLastDisplayUntilItIsAccepted) {
    World world;
    world.intervene([](sim::World& w) {
        std::erase_if(w.functions, [](const auto& f) { return f.name == "Microsoft Basic Display Adapter"; });
    });
    refused_until_accepted(world, {kGpu}, "device.last_display", "last-display");
}

TEST(Safety, CountsDisplaysThatLeaveTogether) {
    World world;
    world.intervene([](sim::World& w) {
        for (auto& f : w.functions)
            if (f.name == "Microsoft Basic Display Adapter") {
                f.device_type = 2;
                f.interrupts = {-7};
                f.interrupt_support = 6;
            }
    });
    refused_until_accepted(world, {kGpu, "Microsoft Basic Display Adapter"}, "device.last_display", "last-display");
    EXPECT_FALSE(world.plan_assign({kGpu}, "beta")->blocked()) << "one of the two may go";
}

TEST(Safety, NeverGivesTheSystemDiskAway) {
    World world;
    refused_for_good(world, {"Standard NVM Express Controller"}, "device.disks");
}

TEST(Safety, RefusesTheKeyboardUntilItIsAccepted) {
    World world;
    refused_until_accepted(world, {"Host xHCI Controller"}, "device.input", "input");
}

TEST(Safety, RefusesACardThatHasPartitions) {
    World world;
    const Guid busy = world.vm("busy").id;
    world.intervene([&](sim::World& w) {
        sim::GpuAllocation partition{.id = Guid::random()};
        const auto& gpu = w.gpus.front();
        partition.host_resource = "\\\\TESTHOST\\root\\virtualization\\v2:Msvm_PartitionableGpu.Name=\"";
        for (const char c : gpu.interface_path)
            partition.host_resource += c == '\\' ? std::string("\\\\") : std::string(1, c);
        partition.host_resource += "\"";
        sim::find_vm(w, busy)->config.gpus.push_back(partition);
    });
    refused_for_good(world, {kGpu}, "device.gpu_partitions");
}

TEST(Safety, RefusesAClientHostUntilItIsAcceptedAndTheVmThenReallyDoesNotStart) {
    WorldSpec spec;
    spec.server = false;
    World world(spec);
    refused_until_accepted(world, {kGpu}, "device.host.edition", "client-edition");
    const std::string before = snapshot(world);
    DeviceAssignRequest request;
    request.accept = {"client-edition"};
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "beta", request))), "done");
    EXPECT_THAT(world.start("beta"), testing::HasSubstr("0xC035001E")) << "as the check said";
    ASSERT_EQ(outcome_text(world.run(world.plan_return({kGpu}))), "done");
    EXPECT_EQ(difference(before, snapshot(world)), "");
}

TEST(Safety, RefusesAHostWithoutIommuUntilItIsAccepted) {
    WorldSpec spec;
    spec.iommu = false;
    World world(spec);
    refused_until_accepted(world, {kGpu}, "device.host.iommu", "no-iommu");
    DeviceAssignRequest request;
    request.accept = {"no-iommu"};
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "beta", request))), "done");
    EXPECT_THAT(world.start("beta"), testing::HasSubstr("0xC035001E"));
}

TEST(Safety, RefusesWhatTheSurveyCallsNotAssignableUntilItIsAccepted) {
    World world;
    world.intervene([](sim::World& w) { sim::find_function(w, kGpuId)->acs_compatible = 0; });
    refused_until_accepted(world, {kGpu}, "device.acs", "not-assignable");
}

TEST(Safety, SaysWhatIsWaivedAndDemandsItWhenAsked) {
    World world;
    const auto plan = world.plan_assign({kGpu}, "beta");
    ASSERT_TRUE(find_check(*plan, "device.waived"));
    EXPECT_EQ(find_check(*plan, "device.waived")->evidence.key, "check.device.waived.both");

    const std::string before = snapshot(world);
    DeviceAssignRequest request;
    request.require_mitigations = true;
    const auto strict = world.plan_assign({kGpu}, "beta", request);
    EXPECT_EQ(find_check(*strict, "device.waived")->evidence.key, "check.device.waived.acs");
    const auto result = world.run(strict);
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::undone);
    EXPECT_EQ(result->error->code, "device.dismount_refused") << "the maker supplied no directives";
    EXPECT_EQ(difference(before, snapshot(world)), "");
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({"X710"}, "beta", request))), "done") << "its maker did";
}

TEST(Safety, NamesWhatCanBeAccepted) {
    World world;
    DeviceAssignRequest request;
    request.accept = {"everything"};
    const auto plan = world.plan_assign({kGpu}, "beta", request);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, "device.unknown_danger");
}

TEST(Safety, WarnsOfFunctionsLeftBehind) {
    World world;
    const auto plan = world.plan_assign({kGpu}, "beta");
    ASSERT_TRUE(find_check(*plan, "device.companions")) << all_checks(*plan);
    EXPECT_EQ(find_check(*plan, "device.companions")->verdict, Verdict::warn);
}

TEST(Power, IsNeverTakenFromAVmUnasked) {
    World world;
    const std::string before = snapshot(world);
    const auto plan = world.plan_assign({kGpu}, "busy");
    ASSERT_TRUE(plan);
    EXPECT_TRUE(plan->blocked());
    EXPECT_EQ(find_check(*plan, "vm.power")->verdict, Verdict::fail);
    EXPECT_EQ(difference(before, snapshot(world)), "");
    DeviceAssignRequest request;
    request.power = PowerPolicy::shut_down;
    const auto asked = world.plan_assign({kGpu}, "busy", request);
    ASSERT_FALSE(asked->blocked()) << all_checks(*asked);
    EXPECT_EQ(step_ids(*asked).front(), "vm.power");
    EXPECT_EQ(outcome_text(world.run(asked)), "done");
}

TEST(Power, OfTheVmThatLosesTheDeviceMattersToo) {
    World world;
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "alpha"))), "done");
    const Guid alpha = world.vm("alpha").id;
    world.intervene([&](sim::World& w) { sim::find_vm(w, alpha)->state = sim::vm_state::running; });
    EXPECT_TRUE(world.plan_assign({kGpu}, "beta")->blocked());
    EXPECT_TRUE(world.plan_return({kGpu})->blocked());
    DeviceAssignRequest request;
    request.power = PowerPolicy::turn_off;
    EXPECT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "beta", request))), "done");
}

TEST(Recover, FindsWhatIsStuckAndLeavesTheRestAlone) {
    World world;
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "alpha"))), "done");
    const std::string good = snapshot(world);
    EXPECT_TRUE(world.plan_recover()->nothing_to_do()) << "a device in its VM is not stuck";
    world.intervene([](sim::World& w) {
        auto& nic = *sim::find_function(w, "VEN_8086&DEV_1572&SUBSYS_00088086&REV_02\\4&98A2C1&0&0008");
        nic.node_phantom = true;
        nic.problem = sim::problem::disabled;
        nic.twin = sim::Twin::present;
        sim::find_function(w, kAudio)->problem = sim::problem::disabled; // by its owner
    });
    const auto plan = world.plan_recover();
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_EQ(step_ids(*plan), (std::vector<std::string>{"device.mount", "device.enable", "verify"}));
    EXPECT_TRUE(find_check(*plan, "device.disabled")) << "said, but left alone";
    ASSERT_EQ(outcome_text(world.run(plan)), "done");
    DeviceRecoverRequest request;
    request.with_disabled = true;
    ASSERT_EQ(outcome_text(world.run(world.plan_recover(request))), "done");
    EXPECT_EQ(difference(good, snapshot(world)), "");
}

TEST(Recover, TakesNoGhostForADismountedDevice) {
    World world;
    world.intervene([](sim::World& w) {
        auto& nic = *sim::find_function(w, "VEN_8086&DEV_1572&SUBSYS_00088086&REV_02\\4&98A2C1&0&0008");
        nic.gone = true; // pulled out after it had been in a VM once: both nodes are phantoms
        nic.twin = sim::Twin::phantom;
    });
    EXPECT_TRUE(world.plan_recover()->nothing_to_do());
}

} // namespace
} // namespace exhyperv::assign

#include "snapshot.h"
#include "world.h"

#include "hyperv/lookup.h"
#include "hyperv/power.h"
#include "hyperv/vms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

using testing::ElementsAre;

constexpr const char* kDisk = R"(\\.\PhysicalDrive3)";

WorldSpec with_whole_disk(bool online = false) {
    WorldSpec spec;
    spec.devices =
        R"J(, {"id": "sata", "pci": "VEN_8086&DEV_A352&SUBSYS_00000000&REV_10", "instance": "3&11583659&0&B8",
 "name": "SATA controller", "manufacturer": "Intel", "class": "HDC", "service": "storahci",
 "location": "PCIROOT(0)#PCI(1700)", "bus": 0, "memory": [{"kib": 8}]})J";
    spec.disks = R"([{"number": 3, "name": "Spare disk", "controller": "sata", "size_gib": 931, "online": )" +
                 std::string(online ? "true}]" : "false}]");
    spec.vms = R"([{"name": "target", "state": "off", "memory_mib": 4096,
 "disks": [{"physical": 3, "image": {"build": 20348, "server": true, "size_gib": 4, "files": 20}}]}])";
    return spec;
}

TEST(PassThrough, AGuestOnAPhysicalDiskGetsTheDriverAndGivesItBack) {
    World world(with_whole_disk());
    EXPECT_EQ(world.vm().disks.front().path, kDisk) << "the number of the disk, not the path of its object";
    const std::string before = snapshot(world);
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan) << describe(plan.error());
    ASSERT_FALSE(plan->blocked()) << all_checks(*plan);
    const auto* offline = find_check(*plan, "guest.pass_through");
    ASSERT_NE(offline, nullptr);
    EXPECT_EQ(offline->verdict, Verdict::pass);

    const auto added = execute(world.environment(), *plan, {}, in_time());
    ASSERT_TRUE(added) << describe(added.error());
    ASSERT_EQ(added->outcome, Outcome::done) << (added->error ? describe(*added->error) : "");
    EXPECT_TRUE(hyperv::start(world.host().cim(), world.vm().id, in_time())) << "the disk is free and offline";
    EXPECT_TRUE(hyperv::turn_off(world.host().cim(), world.vm().id, in_time()));
    EXPECT_TRUE(world.plan_add()->nothing_to_do());

    const auto removed = world.remove({.purge = true});
    ASSERT_TRUE(removed) << describe(removed.error());
    EXPECT_EQ(removed->outcome, Outcome::done);
    EXPECT_EQ(difference(before, snapshot(world)), "");
}

TEST(PassThrough, ADiskTheHostUsesItselfIsLeftAlone) {
    World world(with_whole_disk(true));
    const std::string before = snapshot(world);
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_TRUE(plan->blocked());
    const auto* online = find_check(*plan, "guest.pass_through");
    ASSERT_NE(online, nullptr);
    EXPECT_EQ(online->verdict, Verdict::fail);
    EXPECT_EQ(difference(before, snapshot(world)), "");
    const auto started = hyperv::start(world.host().cim(), world.vm().id, in_time());
    EXPECT_FALSE(started) << "nor would the VM start";
}

} // namespace
} // namespace exhyperv::assign

#include "snapshot.h"
#include "world.h"

#include "assign/gpu_drift.h"
#include "guest/guest_disk.h"
#include "hyperv/power.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

using testing::HasSubstr;

constexpr const char* kFirst = "D:\\VMs\\first.vhdx";
constexpr const char* kSecond = "D:\\VMs\\second.vhdx";

std::string disk_json(const std::string& path, const std::string& content) {
    std::string escaped;
    for (const char c : path)
        escaped += c == '\\' ? "\\\\" : std::string(1, c);
    return R"({"path": ")" + escaped + R"(", "image": {"size_gib": 2, "files": 10, "content": ")" + content + R"("}})";
}

/// A VM "target" with two disks of these contents.
WorldSpec two_disks(const std::string& first, const std::string& second) {
    return {.vms = "[" +
                   vm_json("target", "",
                           R"(, "disks": [)" + disk_json(kFirst, first) + ", " + disk_json(kSecond, second) + "]") +
                   "]"};
}

bool has_drivers(World& world, const std::string& disk) {
    const auto local = world.host().files().local_path(disk);
    const auto open = guest::GuestDisk::open(*local, {.writable = false});
    EXPECT_TRUE(open) << describe(open.error());
    return open && (*open)->volume().stat("Windows\\System32\\HostDriverStore")->has_value();
}

void run_done(const Result<OperationResult>& result) {
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::done) << (result->error ? describe(*result->error) : "");
}

TEST(SeveralDisks, TheOneWithWindowsIsFoundBehindADataDisk) {
    World world(two_disks("data", "windows"));
    run_done(world.add());
    EXPECT_TRUE(has_drivers(world, kSecond));
    EXPECT_TRUE(world.plan_add()->nothing_to_do());
}

TEST(SeveralDisks, TwoWithWindowsAreNamedAndNothingIsDone) {
    World world(two_disks("windows", "windows"));
    const auto plan = world.plan_add();
    ASSERT_TRUE(plan) << describe(plan.error());
    const auto* check = find_check(*plan, "guest.disk");
    ASSERT_TRUE(check) << all_checks(*plan);
    EXPECT_EQ(check->evidence.key, "error.guest.ambiguous_disk.title");
    EXPECT_TRUE(plan->blocked());
    const auto& args = check->evidence.args;
    const auto disks = std::ranges::find(args, "disks", [](const auto& one) { return one.first; });
    ASSERT_NE(disks, args.end());
    EXPECT_THAT(disks->second, testing::AllOf(HasSubstr(kFirst), HasSubstr(kSecond)));
}

TEST(SeveralDisks, OnlyTheNamedOneIsWrittenAndCleanedAgain) {
    World world(two_disks("windows", "windows"));
    (void)world.host(); // makes the disks
    const std::string first = guest_snapshot(world);
    run_done(world.add({.disk = kSecond}));
    EXPECT_TRUE(has_drivers(world, kSecond));
    EXPECT_EQ(difference(first, guest_snapshot(world)), "");

    const auto again = world.plan_add({.disk = kSecond});
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_TRUE(again->nothing_to_do()) << all_checks(*again);

    run_done(world.remove({.purge = true})); // the record knows which disk
    EXPECT_FALSE(has_drivers(world, kSecond));
    EXPECT_EQ(difference(first, guest_snapshot(world)), "");
}

TEST(SeveralDisks, EachSystemIsCleanedByItself) {
    World world(two_disks("windows", "windows"));
    run_done(world.add({.disk = kSecond}));
    run_done(world.add({.disk = kFirst}));
    const auto rows = gpu_drift(world.environment(), {}, in_time());
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(rows->size(), 2u) << "a row for each";

    run_done(world.remove({.purge = true, .disk = kFirst}));
    EXPECT_FALSE(has_drivers(world, kFirst));
    EXPECT_TRUE(has_drivers(world, kSecond));
    run_done(world.remove({.gpu = kCard, .purge = true}));
    EXPECT_FALSE(has_drivers(world, kSecond));
}

TEST(SeveralDisks, DriftIsOfTheDiskThatGotTheDriver) {
    World world(two_disks("windows", "windows"));
    run_done(world.add({.disk = kSecond}));
    const auto rows = gpu_drift(world.environment(), {}, in_time());
    ASSERT_TRUE(rows) << describe(rows.error());
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->front().disk, kSecond);
    EXPECT_EQ(rows->front().drift.state, drivers::DriftState::same);
}

TEST(SeveralDisks, ADiskThatIsNotOfTheVmIsRefusedWithThoseThatAre) {
    World world(two_disks("windows", "data"));
    const auto plan = world.plan_add({.disk = "D:\\VMs\\other.vhdx"});
    ASSERT_TRUE(plan) << describe(plan.error());
    const auto* check = find_check(*plan, "guest.disk");
    ASSERT_TRUE(check) << all_checks(*plan);
    EXPECT_EQ(check->evidence.key, "error.guest.not_a_disk_of_vm.title");
    EXPECT_TRUE(plan->blocked());
}

} // namespace
} // namespace exhyperv::assign

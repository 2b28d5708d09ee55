#include "assign/core/utc_time.h"
#include "assign/device/transition.h"
#include "assign/disk_journal.h"
#include "assign/gpu_drift.h"
#include "assign/gpu_sync.h"
#include "assign/state/waiting_guest.h"
#include "assign/when_off.h"
#include "guest/transaction.h"
#include "platform/file.h"
#include "transport/sim/sim_host_impl.h"
#include "transport/sim/update_driver.h"
#include "world.h"

#include <gmock/gmock.h>

#include <fstream>

namespace exhyperv::assign {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kNewer = "32.0.15.9999";
constexpr const char* kInstance = "PCI\\VEN_10DE&DEV_2786&SUBSYS_40E51458&REV_A1\\4&1C5D7D4&0&0008";
constexpr const char* kNow = "2026-05-01T12:00:00Z";

/// One VM with the card's driver; the host's driver is newer.
class WhenOff : public testing::Test {
  protected:
    WhenOff() {
        EXPECT_EQ(world.add()->outcome, Outcome::done);
        EXPECT_TRUE(sim::update_driver(world.host(), kInstance, kNewer));
        set_state(2);
    }
    void set_state(std::uint16_t state) {
        const auto id = world.vm().id;
        ASSERT_TRUE(static_cast<sim::SimHost&>(world.host()).intervene([&](sim::World& inside) {
            sim::find_vm(inside, id)->state = state;
        }));
    }
    Result<OperationResult> sync(const GpuSyncRequest& request) {
        TRY_ASSIGN(const auto made, plan_gpu_sync(world.environment(), request, in_time()));
        return execute(world.environment(), made, {}, in_time());
    }
    std::optional<WaitingGuest> waiting() { return waiting_guest(world.state_directory(), world.vm().id).value(); }
    Result<std::optional<DueSync>> due(const char* now = kNow) {
        // Times of records are real ones: they are put where the test's clock is.
        if (auto guest = waiting()) {
            if (guest->since > now) guest->since = now;
            EXPECT_TRUE(remember_waiting(world.state_directory(), *guest));
        }
        return due_sync(world.environment(), now, in_time());
    }
    drivers::DriftState drift() {
        return gpu_drift(world.environment(), std::nullopt, in_time()).value().at(0).drift.state;
    }

    World world;
};

TEST_F(WhenOff, ARunningVmIsRememberedAndDoneWhenItIsOff) {
    const GpuSyncRequest request{.when_off = true};
    const auto made = plan_gpu_sync(world.environment(), request, in_time());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_THAT(step_ids(*made), ElementsAre("sync.wait"));
    EXPECT_FALSE(made->blocked()) << all_checks(*made);
    EXPECT_NE(find_check(*made, "sync.when_off"), nullptr);
    ASSERT_EQ(execute(world.environment(), *made, {}, in_time())->outcome, Outcome::done);
    ASSERT_TRUE(waiting());
    EXPECT_TRUE(plan_gpu_sync(world.environment(), request, in_time())->nothing_to_do()) << "it waits already";
    const auto rows = gpu_drift(world.environment(), std::nullopt, in_time()).value();
    ASSERT_TRUE(rows.at(0).waiting);
    EXPECT_EQ(rows[0].waiting->vm_name, "target");
    EXPECT_FALSE(due().value()) << "it runs";

    set_state(3);
    world.close(); // the program that remembered it is gone
    const auto next = due();
    ASSERT_TRUE(next && *next) << describe(next.error());
    EXPECT_THAT(step_ids((*next)->plan), ElementsAre("guest.import", "sync.forget"));
    ASSERT_EQ(execute(world.environment(), (*next)->plan, {}, in_time())->outcome, Outcome::done);
    EXPECT_FALSE(waiting());
    EXPECT_EQ(drift(), drivers::DriftState::same);
    EXPECT_EQ(history(world.environment())->size(), 3u) << "journalled as any other";
}

TEST_F(WhenOff, ByNameToo) {
    ASSERT_EQ(sync({.vm = "target", .when_off = true})->outcome, Outcome::done);
    EXPECT_TRUE(waiting());
}

TEST_F(WhenOff, IsTakenBackByOneCommand) {
    ASSERT_EQ(sync({.when_off = true})->outcome, Outcome::done);
    ASSERT_EQ(sync({.forget_waiting = true})->outcome, Outcome::done);
    EXPECT_FALSE(any_waiting(world.state_directory()));
    EXPECT_EQ(sync({.forget_waiting = true})->outcome, Outcome::nothing_to_do);
    EXPECT_EQ(drift(), drivers::DriftState::older);
}

TEST_F(WhenOff, AVmThatWasBroughtUpToDateOtherwiseLeavesTheList) {
    ASSERT_EQ(sync({.when_off = true})->outcome, Outcome::done);
    set_state(3);
    ASSERT_EQ(sync({.vm = "target"})->outcome, Outcome::done);
    EXPECT_FALSE(due().value());
    EXPECT_FALSE(waiting());
}

TEST_F(WhenOff, AGuestThatCannotBeWrittenToIsTriedAgainLaterAndGivenUpInTheEnd) {
    ASSERT_EQ(sync({.when_off = true})->outcome, Outcome::done);
    set_state(3);
    const auto held = guest::open_image(world.disk_of("target"), {.writable = true});
    ASSERT_TRUE(held);
    std::string now = kNow;
    for (std::uint32_t tries = 1; tries <= kMostTries; ++tries) {
        ASSERT_FALSE(due(now.c_str()).value());
        ASSERT_TRUE(waiting());
        EXPECT_EQ(waiting()->tries, tries);
        EXPECT_EQ(waiting()->problem, "guest.disk");
        EXPECT_EQ(waiting()->given_up, tries == kMostTries);
        if (tries == kMostTries) break;
        EXPECT_GT(waiting()->next_try, now);
        EXPECT_FALSE(due(now.c_str()).value());
        EXPECT_EQ(waiting()->tries, tries) << "not before its time";
        now = waiting()->next_try;
    }
    EXPECT_FALSE(due("2026-05-20T12:00:00Z").value());
    EXPECT_TRUE(waiting()) << "shown until somebody looks after it";
}

TEST_F(WhenOff, WhoIsCancelledOrBusyHasNotFailed) {
    ASSERT_EQ(sync({.when_off = true})->outcome, Outcome::done);
    for (const char* problem : {"call.cancelled", "operation.busy"})
        ASSERT_TRUE(note_failed_sync(world.environment(), world.vm().id, problem, kNow));
    EXPECT_EQ(waiting()->tries, 0u);
    ASSERT_TRUE(note_failed_sync(world.environment(), world.vm().id, "guest.no_space", kNow));
    EXPECT_EQ(waiting()->next_try, "2026-05-01T12:01:00Z");
}

TEST_F(WhenOff, NobodyWaitsForEver) {
    ASSERT_EQ(sync({.when_off = true})->outcome, Outcome::done);
    set_state(3);
    (void)due("2026-01-01T00:00:00Z");
    auto guest = *waiting();
    guest.since = "2026-01-01T00:00:00Z";
    ASSERT_TRUE(remember_waiting(world.state_directory(), guest));
    EXPECT_FALSE(due("2026-02-01T00:00:01Z").value());
    EXPECT_TRUE(waiting()->given_up);
    EXPECT_EQ(waiting()->problem, "sync.waited_too_long");
}

TEST(UtcTime, GoesOnByMinutesOverTheEndOfTheYear) {
    EXPECT_EQ(utc_after("2026-12-31T23:59:30Z", 1), "2027-01-01T00:00:30Z");
    EXPECT_EQ(utc_after("nonsense", 1), "nonsense");
}

TEST(GpuScope, IsKeptForSyncAndDriftAndTakenOutByPurge) {
    World world;
    const auto store = world.host().files().local_path("C:\\Windows\\System32\\DriverStore\\FileRepository").value();
    const auto tools = world.host().files().local_path("C:\\Tools").value();
    ASSERT_TRUE(platform::make_directories(store + "/nvhda.inf_amd64_0011223344556677"));
    ASSERT_TRUE(platform::make_directories(tools));
    std::ofstream(store + "/nvhda.inf_amd64_0011223344556677/nvhda64v.sys") << "audio";
    std::ofstream(tools + "/probe.txt") << "probe";
    GpuAddRequest request;
    request.scope.extras = {drivers::parse_extra("nvhda.inf_*"),
                            drivers::parse_extra("C:\\Tools=Program Files\\Tools")};
    const auto added = world.add(request);
    ASSERT_TRUE(added) << describe(added.error());
    ASSERT_EQ(added->outcome, Outcome::done) << (added->error ? describe(*added->error) : "");
    const auto there = [&](const std::string& path) {
        auto disk = guest::GuestDisk::open(world.disk_of(), {.writable = false}).value();
        return disk->volume().stat(path).value().has_value();
    };
    const std::string audio =
        "Windows\\System32\\HostDriverStore\\FileRepository\\nvhda.inf_amd64_0011223344556677\\nvhda64v.sys";
    EXPECT_TRUE(there(audio));
    EXPECT_TRUE(there("Program Files\\Tools\\probe.txt"));
    EXPECT_TRUE(world.plan_add()->nothing_to_do()) << "said once is enough";

    std::ofstream(tools + "/probe.txt") << "a longer probe";
    std::ofstream(tools + "/second.txt") << "second";
    const auto rows = gpu_drift(world.environment(), std::nullopt, in_time()).value();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].drift.state, drivers::DriftState::different);
    EXPECT_EQ(rows[0].drift.file_count, 2u);
    const auto plan = plan_gpu_sync(world.environment(), {}, in_time()).value();
    EXPECT_THAT(step_ids(plan), ElementsAre("guest.import"));
    ASSERT_EQ(execute(world.environment(), plan, {}, in_time())->outcome, Outcome::done);
    EXPECT_TRUE(there("Program Files\\Tools\\second.txt"));

    const auto less = plan_gpu_sync(world.environment(), {.scope = {.only_needed = true}}, in_time()).value();
    ASSERT_EQ(execute(world.environment(), less, {}, in_time())->outcome, Outcome::done);
    EXPECT_FALSE(there(audio));
    EXPECT_FALSE(there("Program Files\\Tools\\second.txt"));
    request.scope = {.full_store = true};
    ASSERT_EQ(world.add(request)->outcome, Outcome::done);
    EXPECT_TRUE(there(audio));
    GpuRemoveRequest remove;
    remove.purge = true;
    ASSERT_EQ(world.remove(remove)->outcome, Outcome::done);
    EXPECT_FALSE(there(audio));
    EXPECT_FALSE(there("Windows\\System32\\HostDriverStore"));
}

TEST(DiskJournal, IsShownInPlansAndKeepsTheVmFromBeingStarted) {
    World world({.server = true});
    ASSERT_TRUE(require_no_disk_journal(world.host(), world.vm().id, in_time()));
    const auto disk = world.disk_of();
    std::ofstream(guest::journal_path(disk)) << "cut off";
    const auto refused = require_no_disk_journal(world.host(), world.vm().id, in_time());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "vm.disk_journal");
    EXPECT_EQ(*refused.error().arg("vm"), "target");
    GpuAddRequest request;
    request.drivers = false;
    const auto plan = world.plan_add(request);
    ASSERT_TRUE(plan);
    ASSERT_NE(find_check(*plan, "vm.disk_journal"), nullptr) << all_checks(*plan);
    EXPECT_EQ(find_check(*plan, "vm.disk_journal")->verdict, Verdict::warn);
    EXPECT_NE(find_check(*world.plan_remove(), "vm.disk_journal"), nullptr);
    EXPECT_NE(find_check(*world.plan_add(), "guest.journal"), nullptr);
    DeviceAssignRequest whole;
    whole.devices = {kCard};
    whole.vm = "target";
    const auto assign = plan_device_assign(world.environment(), whole, in_time());
    ASSERT_TRUE(assign) << describe(assign.error());
    EXPECT_NE(find_check(*assign, "vm.disk_journal"), nullptr) << all_checks(*assign);
    EXPECT_THAT(disks_with_journal(world.host(), world.vm()), ElementsAre("D:\\VMs\\target.vhdx"));
}

} // namespace
} // namespace exhyperv::assign

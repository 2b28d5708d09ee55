#include "assign/gpu_drift.h"
#include "assign/gpu_sync.h"
#include "assign/state/guest_record.h"
#include "snapshot.h"
#include "support/strings.h"
#include "transport/sim/sim_host_impl.h"
#include "transport/sim/update_driver.h"
#include "world.h"

#include <gmock/gmock.h>

namespace exhyperv::assign {
namespace {

using drivers::DriftState;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kNewer = "32.0.15.9999";
constexpr const char* kInstance = "PCI\\VEN_10DE&DEV_2786&SUBSYS_40E51458&REV_A1\\4&1C5D7D4&0&0008";

std::string three_vms() {
    return "[" + vm_json("target") + "," + vm_json("second") + "," + vm_json("bare") + "]";
}

/// Two VMs with the card's driver, one without anything; then the host's driver is updated.
class GpuSync : public testing::Test {
  protected:
    GpuSync() : world({.vms = three_vms()}) {
        for (const char* name : {"target", "second"}) {
            GpuAddRequest request;
            request.vm = name;
            const auto added = world.add(request);
            EXPECT_TRUE(added) << describe(added.error());
            EXPECT_EQ(added->outcome, Outcome::done);
        }
    }
    void update() {
        const auto before = sim::update_driver(world.host(), kInstance, kNewer);
        ASSERT_TRUE(before) << describe(before.error());
        EXPECT_EQ(*before, "32.0.15.6094");
    }
    std::vector<DriftRow> drift(const std::optional<std::string>& vm = {}) {
        auto rows = gpu_drift(world.environment(), vm, in_time());
        EXPECT_TRUE(rows) << describe(rows.error());
        return rows ? *rows : std::vector<DriftRow>();
    }
    Result<Plan> plan(const GpuSyncRequest& request = {}) {
        return plan_gpu_sync(world.environment(), request, in_time());
    }
    Result<OperationResult> sync(const GpuSyncRequest& request = {}) {
        TRY_ASSIGN(const auto made, plan(request));
        return execute(world.environment(), made, {}, in_time());
    }
    void set_state(const std::string& vm, std::uint16_t state) {
        const auto id = world.vm(vm).id;
        ASSERT_TRUE(static_cast<sim::SimHost&>(world.host()).intervene([&](sim::World& inside) {
            sim::find_vm(inside, id)->state = state;
        }));
    }
    std::vector<std::string> store_of(const std::string& vm) {
        std::vector<std::string> lines;
        for (const auto& line : split(guest_snapshot(world, vm), '\n'))
            if (icontains(line, "FileRepository\\nv_dispi")) lines.push_back(line);
        return lines;
    }

    World world;
};

TEST_F(GpuSync, NothingDriftsRightAfterGpuAdd) {
    const auto rows = drift();
    ASSERT_EQ(rows.size(), 2u);
    for (const auto& row : rows) {
        EXPECT_EQ(row.drift.state, DriftState::same);
        EXPECT_EQ(row.source, DriftRow::Source::guest);
        EXPECT_TRUE(row.has_partition && row.on_host);
        EXPECT_FALSE(row.problem);
        EXPECT_FALSE(lags(row));
    }
    const auto made = plan();
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->nothing_to_do()) << all_checks(*made);
}

TEST_F(GpuSync, AnUpdatedHostIsSeenAndBroughtIntoEveryGuestThatIsOff) {
    update();
    for (const auto& row : drift()) {
        EXPECT_EQ(row.drift.state, DriftState::older);
        EXPECT_EQ(row.drift.host_version, kNewer);
        EXPECT_EQ(row.drift.guest_version, "32.0.15.6094");
        EXPECT_FALSE(row.drift.since.empty());
        EXPECT_GT(row.drift.file_count, 50u);
        EXPECT_TRUE(lags(row));
    }
    const auto made = plan();
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_FALSE(made->blocked()) << all_checks(*made);
    EXPECT_THAT(step_ids(*made), ElementsAre("guest.import", "guest.import.2"));
    const auto old = store_of("target");
    const auto result = sync();
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->outcome, Outcome::done);
    for (const auto& row : drift())
        EXPECT_EQ(row.drift.state, DriftState::same);
    // The package that no card uses any more is gone, file by file.
    const auto now = store_of("target");
    EXPECT_EQ(now.size(), old.size());
    for (const auto& line : old)
        EXPECT_EQ(std::ranges::find(now, line), now.end()) << line;
    EXPECT_TRUE(plan()->nothing_to_do());
}

TEST_F(GpuSync, APurgeAfterwardsLeavesTheGuestAsItWasBeforeEverything) {
    World untouched({.vms = three_vms()});
    update();
    ASSERT_EQ(sync()->outcome, Outcome::done);
    GpuRemoveRequest request;
    request.purge = true;
    ASSERT_EQ(world.remove(request)->outcome, Outcome::done);
    EXPECT_EQ(difference(guest_snapshot(untouched), guest_snapshot(world)), "");
}

TEST_F(GpuSync, ARunningVmIsListedFromTheHostsCopyAndNotTouched) {
    update();
    set_state("second", 2);
    const auto rows = drift();
    ASSERT_EQ(rows.size(), 2u);
    const auto& running = rows[0].vm_name == "second" ? rows[0] : rows[1];
    EXPECT_EQ(running.source, DriftRow::Source::host_copy);
    EXPECT_EQ(running.drift.state, DriftState::older);
    const auto made = plan();
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->blocked());
    EXPECT_THAT(step_ids(*made), ElementsAre("guest.import"));
    const auto* check = find_check(*made, "sync.running");
    ASSERT_NE(check, nullptr);
    EXPECT_EQ(check->verdict, Verdict::warn);
    EXPECT_EQ(check->evidence.args, (MessageArgs{{"vms", "second"}}));
    ASSERT_EQ(execute(world.environment(), *made, {}, in_time())->outcome, Outcome::done);
    set_state("second", 3);
    for (const auto& row : drift())
        EXPECT_EQ(row.drift.state, row.vm_name == "second" ? DriftState::older : DriftState::same);
}

TEST_F(GpuSync, OneRunningVmAloneIsRefused) {
    update();
    set_state("target", 2);
    const auto made = plan({.vm = "target"});
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->blocked()) << all_checks(*made);
}

TEST_F(GpuSync, AGuestThatCannotBeWrittenToIsLeftOutAndNamed) {
    update();
    // Somebody else holds the second VM's disk.
    const auto held = guest::open_image(world.disk_of("second"), {.writable = true});
    ASSERT_TRUE(held);
    const auto made = plan();
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_FALSE(made->blocked()) << all_checks(*made);
    EXPECT_THAT(step_ids(*made), ElementsAre("guest.import"));
    EXPECT_NE(find_check(*made, "sync.left_out"), nullptr) << all_checks(*made);
    EXPECT_TRUE(plan({.vm = "second"})->blocked());
}

TEST_F(GpuSync, ADriverOfACardThatLeftHostAndVmIsTakenOut) {
    GpuRemoveRequest request;
    ASSERT_EQ(world.remove(request)->outcome, Outcome::done); // without purge: the driver stays
    ASSERT_TRUE(static_cast<sim::SimHost&>(world.host()).intervene([](sim::World& inside) {
        std::erase_if(inside.registry, [](const auto& key) {
            return istarts_with(key.path, "SYSTEM\\CurrentControlSet\\Enum\\PCI\\VEN_10DE");
        });
    }));
    const auto rows = drift("target");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_TRUE(is_orphan(rows[0]));
    const auto made = plan({.vm = "target"});
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_THAT(step_ids(*made), ElementsAre("guest.purge"));
    ASSERT_EQ(sync({.vm = "target"})->outcome, Outcome::done);
    EXPECT_THAT(store_of("target"), IsEmpty());
    EXPECT_THAT(drift("target"), IsEmpty());
}

TEST_F(GpuSync, ADamagedFileInTheGuestDoesNotHideBehindAnUnchangedVersion) {
    const auto records = guest_records(world.state_directory(), world.vm().id).value();
    {
        auto disk = guest::GuestDisk::open(world.disk_of("target"), {}).value();
        const auto manifest = drivers::read_manifest(disk->volume()).value().value();
        const auto& package = manifest.packages.front();
        ASSERT_TRUE(disk->volume().remove("Windows\\System32\\HostDriverStore\\FileRepository\\" + package.folder +
                                          "\\" + package.files.back().path));
        ASSERT_TRUE(disk->commit());
    }
    ASSERT_FALSE(records.empty());
    const auto rows = gpu_drift(world.environment(), {}, in_time());
    ASSERT_TRUE(rows) << describe(rows.error());
    const auto row = std::ranges::find(*rows, "target", &DriftRow::vm_name);
    ASSERT_NE(row, rows->end());
    EXPECT_EQ(row->drift.state, drivers::DriftState::different) << "the list in the guest is no proof of its files";
    EXPECT_EQ(row->drift.file_count, 1u);
    EXPECT_TRUE(lags(*row));
    GpuAddRequest request;
    const auto made = world.plan_add(request); // looks at the disk itself
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->nothing_to_do());
    ASSERT_EQ(execute(world.environment(), *made, {}, in_time())->outcome, Outcome::done);
    EXPECT_TRUE(world.plan_add(request)->nothing_to_do());
}

TEST_F(GpuSync, CopiesStayCopies) {
    World copies;
    GpuAddRequest request;
    request.copy = true;
    ASSERT_EQ(copies.add(request)->outcome, Outcome::done);
    const auto manifest = [&] {
        auto disk = guest::GuestDisk::open(copies.disk_of("target"), {.writable = false}).value();
        return drivers::read_manifest(disk->volume()).value().value();
    };
    const auto all_copies = [](const drivers::Manifest& one) {
        return !one.links.empty() && std::ranges::all_of(one.links, [](const auto& link) {
            return link.copy || link.directory; // the junction for the host's own path is always one
        });
    };
    EXPECT_TRUE(all_copies(manifest()));
    EXPECT_TRUE(copies.plan_add()->nothing_to_do()) << "the default is what the guest has";
    ASSERT_TRUE(sim::update_driver(copies.host(), kInstance, kNewer));
    ASSERT_EQ(execute(copies.environment(), plan_gpu_sync(copies.environment(), {}, in_time()).value(), {}, in_time())
                  ->outcome,
              Outcome::done);
    EXPECT_TRUE(all_copies(manifest()));
}

TEST(UpdateDriver, RefusesWhatIsNoVersion) {
    World world;
    for (const char* version : {"", "1.2.3", "1.2.3.4.5", "1.2.3.x", "1.2.3.70000", "-1.2.3.4"}) {
        const auto result = sim::update_driver(world.host(), kInstance, version);
        ASSERT_FALSE(result) << version;
        EXPECT_EQ(result.error().code, "sim.bad_driver_version");
    }
    EXPECT_EQ(sim::update_driver(world.host(), "PCI\\VEN_0000&DEV_0000\\1", kNewer).error().code, "sim.no_driver");
}

} // namespace
} // namespace exhyperv::assign

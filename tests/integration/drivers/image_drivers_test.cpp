#include "../../bench/store_host.h"
#include "judged_guest.h"

#include "assign/image_drivers.h"
#include "transport/sim/material/driver_store.h"
#include "transport/sim/material/guest_image.h"

#include <gmock/gmock.h>

#include <chrono>

namespace exhyperv::assign {
namespace {

using drivers::test::JudgedGuest;
using testing::HasSubstr;

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

/// A golden image and a copy of a driver store, both synthetic; no host.
class ImageDrivers : public testing::Test {
  protected:
    void make(const std::function<void(sim::GuestSpec&)>& change = {}) {
        sim::GuestSpec guest;
        guest.size_gib = 1;
        guest.files = 20;
        if (change) change(guest);
        ASSERT_TRUE(sim::make_guest_image(request.image, guest));
        ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", {}));
        request.store = {scratch.path(), "PCI\\VEN_10DE&DEV_2786", ""};
    }
    std::string code() {
        const auto done = run_image_import(request, {}, soon());
        return done ? "" : done.error().code;
    }

    sim::Scratch scratch;
    ImageImportRequest request{scratch / "golden.vhdx", 0, {}, false};
};

} // namespace

TEST_F(ImageDrivers, AreReadBackAndTakenOutWithoutATrace) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("ntfsls");
    NEED_PROGRAM("hivexregedit");
    make();
    const auto look = [&] {
        const JudgedGuest guest(scratch, request.image);
        EXPECT_EQ(guest.check(), "");
        auto tree = guest.tree();
        tree.erase("/Windows/System32/config/SYSTEM");
        return std::pair(tree, guest.system_hive());
    };
    const auto before = look();
    const auto planned = plan_image_import(request, soon());
    ASSERT_TRUE(planned) << describe(planned.error());
    EXPECT_FALSE(planned->plan.nothing_to_do());
    EXPECT_EQ(look(), before) << "a plan writes nothing";

    const auto done = run_image_import(request, {}, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_GT(done->report.files_written, 50u);
    EXPECT_EQ(done->read_back.files, done->report.files_written);
    EXPECT_GT(done->read_back.links, 10u);
    EXPECT_GT(done->read_back.values, 4u);
    const auto with = look();
    EXPECT_TRUE(with.first.contains("/Windows/System32/nvapi64.dll"));
    EXPECT_THAT(with.second, HasSubstr("\\Services\\nvlddmkm]"));

    EXPECT_TRUE(plan_image_import(request, soon())->plan.nothing_to_do());
    EXPECT_FALSE(run_image_import(request, {}, soon())->report.changed());

    const auto gone = run_image_purge({request.image, 0, ""}, {}, soon());
    ASSERT_TRUE(gone) << describe(gone.error());
    EXPECT_EQ(look(), before);
    EXPECT_TRUE(plan_image_purge({request.image, 0, ""}, soon())->plan.nothing_to_do());
}

TEST_F(ImageDrivers, ADamagedFileIsNoticedWhenItIsReadBack) {
    make();
    ASSERT_EQ(code(), "");
    auto disk = guest::GuestDisk::open(request.image, {}).value();
    const auto manifest = drivers::read_manifest(disk->volume()).value().value();
    EXPECT_TRUE(drivers::read_back(*disk, manifest, {}, soon())->sound());
    auto wrong = manifest;
    wrong.packages[0].files[3].hash[5] ^= 1;
    wrong.links[2].target += "x";
    wrong.values[0].after.data.push_back(std::byte{1});
    const auto found = drivers::read_back(*disk, wrong, {}, soon());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->wrong_count, 3u);
}

TEST_F(ImageDrivers, AHiveWithItsChangesInItsLogsIsCompleted) {
    make([](sim::GuestSpec& guest) { guest.conditions = {sim::GuestCondition::logged_hive}; });
    ASSERT_EQ(code(), "");
    const JudgedGuest guest(scratch, request.image);
    EXPECT_EQ(guest.check(), "");
    EXPECT_THAT(guest.system_hive(), HasSubstr("\\Services\\simsvc030\\Parameters]")) << "what was only in the log";
    EXPECT_THAT(guest.system_hive(), HasSubstr("\\Services\\nvlddmkm]"));
}

TEST_F(ImageDrivers, CopiesInsteadOfLinks) {
    make();
    request.copy = true;
    const auto done = run_image_import(request, {}, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(done->read_back.links, 1u) << "the junction for the host's own path is always one";
    EXPECT_GT(done->read_back.files, done->import.plan.files.size());
    request.copy = false;
    EXPECT_TRUE(plan_image_import(request, soon())->plan.nothing_to_do()) << "as the manifest says they were made";
}

TEST_F(ImageDrivers, RefusalsChangeNothing) {
    make([](sim::GuestSpec& guest) { guest.build = 16299; });
    EXPECT_EQ(code(), "guest.too_old");
    request.image = scratch / "full.vhdx";
    sim::GuestSpec full;
    full.size_gib = 1;
    full.files = 5;
    full.free_mib = 1;
    ASSERT_TRUE(sim::make_guest_image(request.image, full));
    EXPECT_EQ(code(), "drivers.no_space");
    request.image = scratch / "bitlocker.vhdx";
    full.free_mib.reset();
    full.conditions = {sim::GuestCondition::bitlocker};
    ASSERT_TRUE(sim::make_guest_image(request.image, full));
    EXPECT_EQ(code(), "guest.bitlocker");
    request.image = scratch / "dirty.vhdx";
    full.conditions = {sim::GuestCondition::dirty_hive};
    ASSERT_TRUE(sim::make_guest_image(request.image, full));
    EXPECT_EQ(code(), "hive.dirty");
    request.image = scratch / "nothing.vhdx";
    EXPECT_EQ(code(), "disk.not_found");
}

TEST_F(ImageDrivers, AreKnownAgainByTheHostThatUsesTheImage) {
    make();
    ASSERT_EQ(code(), "");
    bench::StoreHost host(scratch / "FileRepository", {});
    const auto drivers = drivers::resolve(host, host, host.card(), soon()).value();
    {
        auto disk = guest::GuestDisk::open(request.image, {}).value();
        const auto plan = drivers::plan_import(drivers, *disk, {}, soon()).value();
        EXPECT_EQ(plan.count(drivers::FileAction::add), 0u);
        EXPECT_TRUE(plan.manifest_update);
        const auto report = drivers::run_import(*disk, plan, host, {}, soon());
        ASSERT_TRUE(report) << describe(report.error());
        ASSERT_TRUE(disk->commit());
        const auto manifest = drivers::read_manifest(disk->volume()).value().value();
        ASSERT_EQ(manifest.cards.size(), 1u);
        EXPECT_EQ(manifest.cards[0].instance_path, host.card());
        for (const auto& link : manifest.links)
            EXPECT_THAT(link.cards, testing::ElementsAre(host.card()));
        EXPECT_TRUE(drivers::plan_import(drivers, *disk, {}, soon())->nothing_to_do());
    }
    // And the other way round: the image's card is the one the guest has by now.
    const auto again = plan_image_import(request, soon());
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_EQ(again->plan.drivers.instance_path, host.card());
    EXPECT_EQ(again->plan.count(drivers::FileAction::add), 0u);
}

TEST_F(ImageDrivers, APurgeOfAnotherCardIsRefused) {
    make();
    ASSERT_EQ(code(), "");
    EXPECT_EQ(plan_image_purge({request.image, 0, "Radeon"}, soon()).error().code, "image.no_such_card");
    EXPECT_FALSE(plan_image_purge({request.image, 0, "4070"}, soon())->plan.nothing_to_do());
}

} // namespace exhyperv::assign

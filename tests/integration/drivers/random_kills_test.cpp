#include "../../bench/store_host.h"
#include "judged_guest.h"
#include "kill_rounds.h"

#include "drivers/import.h"
#include "drivers/purge.h"
#include "drivers/read_back.h"
#include "transport/sim/material/driver_store.h"
#include "transport/sim/material/guest_image.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

namespace exhyperv::drivers::test {
namespace {

namespace fs = std::filesystem;

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

Picture picture_of(const sim::Scratch& scratch, const std::string& image, const std::string& what,
                   std::optional<JudgedGuest::Place>& place) {
    const JudgedGuest guest(scratch, image, place);
    place = guest.place();
    EXPECT_EQ(guest.check(), "") << what;
    Picture out = guest.tree();
    EXPECT_FALSE(out.empty()) << what << ": the volume cannot be read";
    for (auto& [path, entry] : out)
        entry = entry.substr(0, entry.find(' ')); // the size; ntfsls shows when a file was made
    if (const auto manifest = out.find("/Windows/System32/HostDriverStore/exhyperv-manifest.json");
        manifest != out.end())
        manifest->second = "there";
    auto& hive = out["/Windows/System32/config/SYSTEM"];
    hive = guest.system_hive();
    EXPECT_NE(hive.find("ControlSet001"), std::string::npos) << what << ": the hive cannot be read";
    return out;
}

/// Synthetic guest and packages: one driver, and an update of it.
class RandomKills : public testing::Test {
  protected:
    enum class Job { import, sync, purge };

    void SetUp() override {
        sim::GuestSpec guest;
        guest.size_gib = 1;
        guest.files = 20;
        ASSERT_TRUE(sim::make_guest_image(clean, guest));
        newer.version = "32.0.15.9999";
        newer.seed = 9;
        for (const auto* spec : {&older, &newer})
            ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", *spec));
        fs::copy_file(clean, imported);
        ASSERT_TRUE(work(Job::import, imported));
        fs::copy_file(imported, synced);
        ASSERT_TRUE(work(Job::sync, synced));
        without = picture_of(scratch, clean, "clean", place);
        with_older = picture_of(scratch, imported, "imported", place);
        with_newer = picture_of(scratch, synced, "synced", place);
        ASSERT_FALSE(without == with_older || with_older == with_newer);
    }

    Result<> work(Job job, const std::string& image) {
        if (job == Job::purge) {
            TRY_ASSIGN(auto disk, guest::GuestDisk::open(image, {}));
            TRY_ASSIGN(const auto plan, plan_purge(*disk, {}, soon()));
            TRY(run_purge(*disk, plan, {}, soon()));
            return disk->commit();
        }
        bench::StoreHost host(scratch / "FileRepository", job == Job::sync ? newer : older);
        TRY_ASSIGN(const auto drivers, resolve(host, host, host.card(), soon()));
        TRY_ASSIGN(auto disk, guest::GuestDisk::open(image, {}));
        ImportOptions options;
        options.now = "2026-01-01T00:00:00Z";
        TRY_ASSIGN(const auto plan, plan_import(drivers, *disk, options, soon()));
        TRY_ASSIGN(const auto report, run_import(*disk, plan, host, {}, soon()));
        return report.changed() ? disk->commit() : Result<>();
    }

    /// The manifest's word on each file is checked against the file's hash.
    void expect_whole(const std::string& image, const std::string& what) {
        auto disk = guest::GuestDisk::open(image, {.writable = false});
        ASSERT_TRUE(disk) << what << ": " << describe(disk.error());
        const auto manifest = read_manifest((*disk)->volume());
        ASSERT_TRUE(manifest) << what << ": " << describe(manifest.error());
        if (!*manifest) return;
        const auto back = read_back(**disk, **manifest, {}, soon());
        ASSERT_TRUE(back) << what << ": " << describe(back.error());
        EXPECT_TRUE(back->sound()) << what << ": " << back->wrong.front();
    }

    sim::Scratch scratch;
    sim::PackageSpec older, newer;
    std::string clean = scratch / "clean.vhdx", imported = scratch / "imported.vhdx", synced = scratch / "synced.vhdx";
    Picture without, with_older, with_newer;
    std::optional<JudgedGuest::Place> place; ///< of the Windows partition, the same in all images
};

} // namespace

TEST_F(RandomKills, LeaveTheGuestAsItWasOrCompleteAndTheNextRunFinishesIt) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("ntfsls");
    NEED_PROGRAM("hivexregedit");
    const auto does = [this](Job job) { return [this, job](const std::string& image) { return work(job, image); }; };
    kill_at_random_moments(
        scratch,
        {{"import", clean, does(Job::import), without, with_older},
         {"sync", imported, does(Job::sync), with_older, with_newer},
         {"purge", imported, does(Job::purge), with_older, without}},
        {[this](const auto& image, const auto& what) { return picture_of(scratch, image, what, place); },
         [this](const auto& image, const auto& what) { expect_whole(image, what); }});
}

} // namespace exhyperv::drivers::test

#include "../../bench/store_host.h"
#include "judged_guest.h"

#include "drivers/drift.h"
#include "drivers/guest_paths.h"
#include "drivers/import.h"
#include "drivers/purge.h"
#include "guest/transaction.h"
#include "transport/sim/material/guest_image.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>

namespace exhyperv::drivers::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

/// A synthetic card, its package on a real directory, and a synthetic guest image with real NTFS and hives.
class GuestImport : public testing::Test {
  protected:
    void prepare(sim::DriverVendor vendor = sim::DriverVendor::nvidia, const sim::GuestSpec& guest = small_guest()) {
        spec.vendor = vendor;
        ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", spec));
        auto made = sim::make_guest_image(image, guest);
        ASSERT_TRUE(made) << describe(made.error());
        host = std::make_unique<bench::StoreHost>(scratch / "FileRepository", spec);
    }
    static sim::GuestSpec small_guest() {
        sim::GuestSpec guest;
        guest.size_gib = 1;
        guest.files = 60;
        return guest;
    }

    Result<ImportReport> import() {
        TRY_ASSIGN(const auto drivers, resolve(*host, *host, host->card(), soon()));
        TRY_ASSIGN(auto disk, guest::GuestDisk::open(image, {}));
        TRY_ASSIGN(const auto plan, plan_import(drivers, *disk, {}, soon()));
        TRY_ASSIGN(auto report, run_import(*disk, plan, *host, {}, soon()));
        if (report.changed()) TRY(disk->commit());
        return report;
    }
    Result<PurgeReport> purge() {
        TRY_ASSIGN(auto disk, guest::GuestDisk::open(image, {}));
        TRY_ASSIGN(const auto plan, plan_purge(*disk, {}, soon()));
        TRY_ASSIGN(auto report, run_purge(*disk, plan, {}, soon()));
        TRY(disk->commit());
        return report;
    }

    sim::Scratch scratch;
    sim::PackageSpec spec;
    std::string image = scratch / "guest.vhdx";
    std::unique_ptr<bench::StoreHost> host;
};

/// Lines that stand in one map and not in the other, for a readable failure.
std::string difference(const std::map<std::string, std::string>& a, const std::map<std::string, std::string>& b) {
    std::string out;
    for (const auto& [path, size] : a)
        if (const auto other = b.find(path); other == b.end() || other->second != size)
            out += "- " + path + " " + size + "\n";
    for (const auto& [path, size] : b)
        if (const auto other = a.find(path); other == a.end() || other->second != size)
            out += "+ " + path + " " + size + "\n";
    return out;
}

/// The hive's file is written anew: its content is compared as values, its directory entry not at all.
std::map<std::string, std::string> without_hive(std::map<std::string, std::string> tree) {
    tree.erase("/Windows/System32/config/SYSTEM");
    return tree;
}

} // namespace

TEST_F(GuestImport, IsReadBackByIndependentProgramsAndPurgedWithoutTrace) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("ntfsls");
    NEED_PROGRAM("hivexregedit");
    prepare();
    std::map<std::string, std::string> tree_before;
    std::string hive_before;
    {
        const JudgedGuest guest(scratch, image);
        tree_before = guest.tree();
        hive_before = guest.system_hive();
        ASSERT_FALSE(tree_before.empty());
        ASSERT_THAT(hive_before, HasSubstr("ControlSet001"));
    }
    const auto report = import();
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_TRUE(report->failed_files.empty());
    {
        const JudgedGuest guest(scratch, image);
        EXPECT_EQ(guest.check(), "");
        const auto tree = guest.tree();
        const auto& folder = report->manifest.packages.at(0).folder;
        const std::string root = "/Windows/System32/HostDriverStore/FileRepository/" + folder + "/";
        for (const auto& file : report->manifest.packages[0].files) {
            const auto inside = replace_all(file.path, "\\", "/");
            EXPECT_TRUE(tree.contains(root + inside)) << inside;
            EXPECT_EQ(guest.file(root + inside),
                      sim::read_all(scratch / "FileRepository" + "/" + folder + "/" + inside))
                << inside;
        }
        EXPECT_THAT(guest.info(root + "nvlddmkm.sys"), HasSubstr("READONLY"));
        EXPECT_TRUE(tree.contains("/Windows/System32/nvapi64.dll"));
        EXPECT_TRUE(tree.contains("/Windows/System32/HostDriverStore/exhyperv-manifest.json"));
        const auto hive = guest.system_hive();
        EXPECT_NE(hive, hive_before);
        EXPECT_THAT(hive, HasSubstr("\\Services\\nvlddmkm]"));
        // ImagePath is REG_EXPAND_SZ: hivexregedit shows it as bytes, "HostDriverStore" in UTF-16.
        EXPECT_THAT(
            hive,
            HasSubstr("48,00,6f,00,73,00,74,00,44,00,72,00,69,00,76,00,65,00,72,00,53,00,74,00,6f,00,72,00,65,00"));
    }
    const auto again = import();
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_FALSE(again->changed());

    const auto purged = purge();
    ASSERT_TRUE(purged) << describe(purged.error());
    EXPECT_TRUE(purged->warnings.empty());
    const JudgedGuest guest(scratch, image);
    EXPECT_EQ(guest.check(), "");
    EXPECT_EQ(difference(without_hive(tree_before), without_hive(guest.tree())), "");
    EXPECT_EQ(guest.system_hive(), hive_before);
}

TEST_F(GuestImport, LinksLeadIntoTheStoreByRelativePaths) {
    NEED_PROGRAM("ntfsinfo");
    prepare();
    const auto report = import();
    ASSERT_TRUE(report) << describe(report.error());
    auto disk = guest::GuestDisk::open(image, {.writable = false});
    ASSERT_TRUE(disk) << describe(disk.error());
    std::size_t links = 0;
    for (const auto& link : report->manifest.links) {
        const auto info = (*disk)->volume().stat(link.path).value();
        ASSERT_TRUE(info) << link.path;
        EXPECT_EQ(info->reparse_tag, link.directory ? 0xA0000003u : 0xA000000Cu);
        EXPECT_TRUE(leads_into_host_driver_store(link.path, info->link_target)) << info->link_target;
        ++links;
    }
    EXPECT_GT(links, 10u);
}

TEST_F(GuestImport, NothingHappensWithoutACommit) {
    NEED_PROGRAM("qemu-img");
    prepare();
    const auto before = JudgedGuest(scratch, image).tree();
    {
        const auto drivers = resolve(*host, *host, host->card(), soon()).value();
        auto disk = guest::GuestDisk::open(image, {}).value();
        const auto plan = plan_import(drivers, *disk, {}, soon()).value();
        ASSERT_TRUE(run_import(*disk, plan, *host, {}, soon()));
    }
    EXPECT_EQ(difference(before, JudgedGuest(scratch, image).tree()), "");
}

TEST_F(GuestImport, AFullDiskIsRefusedBeforeAnythingIsWritten) {
    auto guest = small_guest();
    guest.free_mib = 1;
    prepare(sim::DriverVendor::nvidia, guest);
    const auto report = import();
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "drivers.no_space");
    EXPECT_EQ(*report.error().arg("disk"), image);
}

TEST_F(GuestImport, AnUpdatedDriverReplacesTheOlderOne) {
    prepare();
    ASSERT_TRUE(import());
    auto newer = spec;
    newer.version = "32.0.15.9999";
    newer.seed = 9;
    ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", newer));
    const auto old_folder = sim::store_packages(spec).front().directory,
               new_folder = sim::store_packages(newer).front().directory;
    ASSERT_NE(old_folder, new_folder);
    host = std::make_unique<bench::StoreHost>(scratch / "FileRepository", newer);
    const auto report = import();
    ASSERT_TRUE(report) << describe(report.error());
    auto disk = guest::GuestDisk::open(image, {.writable = false}).value();
    EXPECT_FALSE(disk->volume().stat(package_root(old_folder)).value());
    EXPECT_TRUE(disk->volume().stat(package_root(new_folder)).value());
    EXPECT_EQ(compare(report->manifest, resolve(*host, *host, host->card(), soon()).value()).state, DriftState::same);
}

} // namespace exhyperv::drivers::test

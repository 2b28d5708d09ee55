#include "../../bench/store_host.h"
#include "../../unit/sim/material/scratch.h"

#include "drivers/guest_paths.h"
#include "drivers/offline/store_copy.h"
#include "drivers/package.h"
#include "support/strings.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace exhyperv::drivers::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

CallContext soon() {
    return CallContext::within(std::chrono::minutes(1));
}

Result<ResolvedDrivers> resolve_copy(const StoreChoice& choice) {
    TRY_ASSIGN(const auto store, StoreCopy::open(choice, soon()));
    return resolve(*store, *store, store->card(), soon());
}

std::string code_of(const StoreChoice& choice) {
    const auto opened = StoreCopy::open(choice, soon());
    return opened ? "" : opened.error().code;
}

class StoreCopyOf : public testing::TestWithParam<sim::DriverVendor> {};

} // namespace

/// The same package through a host's registry and through its INF alone: the guest gets the same files and names.
TEST_P(StoreCopyOf, AVendorGivesTheSameDriversAsAHost) {
    sim::Scratch scratch;
    sim::PackageSpec spec;
    spec.vendor = GetParam();
    ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", spec));
    bench::StoreHost host(scratch / "FileRepository", spec);
    const auto with_host = resolve(host, host, host.card(), soon());
    ASSERT_TRUE(with_host) << describe(with_host.error());
    const auto without = resolve_copy({scratch.path(), sim::with_defaults(spec).hardware_id, ""});
    ASSERT_TRUE(without) << describe(without.error());

    EXPECT_EQ(without->packages.size(), with_host->packages.size());
    EXPECT_EQ(without->primary().folder, with_host->primary().folder);
    EXPECT_EQ(without->primary().version, with_host->primary().version);
    EXPECT_EQ(without->total_files(), with_host->total_files());
    EXPECT_EQ(without->total_bytes(), with_host->total_bytes());
    std::set<std::string> names, wanted;
    for (const auto& promotion : without->promotions)
        names.insert(promotion.target + " <- " + promotion.source);
    for (const auto& promotion : with_host->promotions)
        wanted.insert(promotion.target + " <- " + promotion.source);
    EXPECT_EQ(names, wanted);
    ASSERT_EQ(without->service.has_value(), with_host->service.has_value());
    if (!without->service) return;
    EXPECT_EQ(without->service->name, with_host->service->name);
    for (const char* name : {"Type", "Start", "ErrorControl", "Group", "ImagePath"}) {
        const auto value = [&](const RegistrySource& source) {
            for (const auto& one : source.values)
                if (iequals(one.name, name)) return one;
            return host::RegistryValue{};
        };
        EXPECT_EQ(value(*without->service), value(*with_host->service)) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(All, StoreCopyOf,
                         testing::Values(sim::DriverVendor::nvidia, sim::DriverVendor::intel, sim::DriverVendor::amd,
                                         sim::DriverVendor::qualcomm, sim::DriverVendor::moore_threads));

TEST(StoreCopy, TakesTheNewestOfTheFittingPackages) {
    sim::Scratch scratch;
    sim::PackageSpec older, newer;
    newer.version = "32.0.15.9999";
    newer.date = "2026-01-31";
    for (const auto& spec : {older, newer})
        ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", spec));
    const auto card = sim::with_defaults(older).hardware_id;
    EXPECT_EQ(resolve_copy({scratch.path(), card, ""})->primary().version.version, "32.0.15.9999");
    const auto folder = sim::store_packages(older).front().directory;
    EXPECT_EQ(resolve_copy({scratch.path(), card, folder})->primary().folder, folder);
    // One package alone, and with the revision the host adds.
    EXPECT_EQ(resolve_copy({scratch / "FileRepository/" + folder, card + "&REV_A1", ""})->primary().folder, folder);
}

TEST(StoreCopy, ACardNamedByVendorAndDeviceAloneIsFound) {
    sim::Scratch scratch;
    const sim::PackageSpec spec;
    ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", spec));
    const auto store = StoreCopy::open({scratch.path(), "PCI\\VEN_10DE&DEV_2786", ""}, soon());
    ASSERT_TRUE(store) << describe(store.error());
    EXPECT_EQ((*store)->card(), "PCI\\VEN_10DE&DEV_2786\\image");
    const auto drivers = resolve(**store, **store, (*store)->card(), soon());
    ASSERT_TRUE(drivers) << describe(drivers.error());
    EXPECT_THAT(drivers->warnings, testing::IsEmpty());
}

TEST(StoreCopy, AnInfWrittenInOtherCaseThanItsFolderIsFound) {
    sim::Scratch scratch;
    const sim::PackageSpec spec;
    const auto repository = scratch / "FileRepository";
    ASSERT_TRUE(sim::make_driver_package(repository, spec));
    const auto folder = repository + "/" + sim::store_packages(spec).front().directory;
    fs::rename(folder + "/nv_dispi.inf", folder + "/NV_DispI.inf"); // as vendors have it in real stores
    const auto drivers = resolve_copy({repository, sim::with_defaults(spec).hardware_id, ""});
    ASSERT_TRUE(drivers) << describe(drivers.error());
    EXPECT_EQ(drivers->primary().version.version, sim::with_defaults(spec).version);
}

TEST(StoreCopy, NamesThePackagesThatItCouldNotRead) {
    sim::Scratch scratch;
    const sim::PackageSpec spec;
    const auto repository = scratch / "FileRepository";
    ASSERT_TRUE(sim::make_driver_package(repository, spec));
    const auto folder = sim::store_packages(spec).front().directory;
    std::ofstream(repository + "/" + folder + "/nv_dispi.inf") << std::string(5000, '\0');
    const auto opened = StoreCopy::open({scratch.path(), sim::with_defaults(spec).hardware_id, ""}, soon());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "store.unreadable_packages");
    EXPECT_THAT(*opened.error().arg("packages"), HasSubstr(folder));
}

TEST(StoreCopy, RefusesWithAReason) {
    sim::Scratch scratch;
    const sim::PackageSpec spec;
    ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", spec));
    const auto card = sim::with_defaults(spec).hardware_id;
    EXPECT_EQ(code_of({scratch / "nowhere", card, ""}), "store.not_found");
    EXPECT_EQ(code_of({scratch.path(), "PCI\\VEN_10DE&DEV_FFFF", ""}), "store.no_package");
    EXPECT_EQ(code_of({scratch.path(), "PCI\\VEN_10DE&DEV_278", ""}), "store.no_package")
        << "half an id is another card";
    for (const char* bad :
         {"", "RTX 4070", "PCI", "PCI\\", "PCI\\VEN_10DE", "PCI\\VEN_10DE&DEV_2786\\a\\b", "..\\VEN_1&DEV_1"})
        EXPECT_EQ(code_of({scratch.path(), bad, ""}), "store.bad_card") << bad;
    const auto folder = sim::store_packages(spec).front().directory;
    fs::copy(scratch / "FileRepository/" + folder, scratch / "FileRepository/nv_dispi.inf_amd64_0000000000000001",
             fs::copy_options::recursive);
    EXPECT_EQ(code_of({scratch.path(), card, ""}), "store.ambiguous");
}

TEST(StoreCopy, BrokenNeighboursAndSymbolicLinksDoNotMatter) {
    sim::Scratch scratch;
    const sim::PackageSpec spec;
    const auto repository = scratch / "FileRepository";
    ASSERT_TRUE(sim::make_driver_package(repository, spec));
    fs::create_directories(repository + "/broken.inf_amd64_1111111111111111");
    std::ofstream(repository + "/broken.inf_amd64_1111111111111111/broken.inf") << std::string(5000, '\0');
    fs::create_directories(repository + "/empty.inf_amd64_2222222222222222");
    const auto folder = repository + "/" + sim::store_packages(spec).front().directory;
    fs::create_symlink("/etc/passwd", folder + "/outside.dll");
    fs::create_directory_symlink("/", folder + "/loop");
    const auto drivers = resolve_copy({repository, sim::with_defaults(spec).hardware_id, ""});
    ASSERT_TRUE(drivers) << describe(drivers.error());
    EXPECT_EQ(drivers->primary().file("outside.dll"), nullptr);
    EXPECT_EQ(drivers->primary().file("loop\\etc\\passwd"), nullptr);
}

} // namespace exhyperv::drivers::test

#include "../../bench/store_host.h"
#include "judged_guest.h"

#include "drivers/guest_paths.h"
#include "drivers/import.h"
#include "drivers/link_plan.h"
#include "support/strings.h"
#include "transport/sim/material/guest_image.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace exhyperv::drivers::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Vendor {
    sim::DriverVendor vendor;
    guest::Architecture architecture;
    const char* id;
    const char* value; ///< a text of the registry that its guest must have; empty: nothing is written for it
};

class Fidelity : public testing::TestWithParam<Vendor> {};

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

std::string as_listed(const std::string& path) {
    return "/" + replace_all(path, "\\", "/");
}

/// Each vendor's packages, with the published names and layouts, into a real image; then everything that is in the
/// guest afterwards and was not before is held against what the packages, the vendor's table and the driver's own lists
/// say, as programs that are not ours see it.
TEST_P(Fidelity, NoFileIsMissingAndNoneIsTooMany) {
    for (const char* program : {"qemu-img", "ntfsls", "ntfscat", "7zz", "tsk_recover", "ntfsresize", "ntfssecaudit",
                                "hivexregedit", "regfexport"})
        NEED_PROGRAM(program);
    sim::Scratch scratch;
    sim::PackageSpec spec;
    spec.vendor = GetParam().vendor;
    const auto repository = scratch / "FileRepository";
    ASSERT_TRUE(sim::make_driver_package(repository, spec));
    sim::GuestSpec guest;
    guest.size_gib = 1;
    guest.files = 20;
    guest.architecture = GetParam().architecture;
    const auto image = scratch / "guest.vhdx";
    ASSERT_TRUE(sim::make_guest_image(image, guest));
    bench::StoreHost host(repository, spec);
    const auto before = JudgedGuest(scratch, image).tree();
    const auto drivers = resolve(host, host, host.card(), soon()).value();
    std::vector<Message> told;
    {
        auto disk = guest::GuestDisk::open(image, {}).value();
        const auto plan = plan_import(drivers, *disk, {}, soon()).value();
        told = plan.warnings;
        ASSERT_TRUE(run_import(*disk, plan, host, {}, soon()));
        ASSERT_TRUE(disk->commit());
    }
    std::set<std::string> wanted = {as_listed(std::string(kHostDriverStore)), as_listed(std::string(kFileRepository)),
                                    "/Windows/System32/HostDriverStore/exhyperv-manifest.json"};
    const auto want = [&](const std::string& path) {
        for (auto part = path; !part.empty() && !before.contains(as_listed(part)); part = parent_path(part))
            wanted.insert(as_listed(part));
    };
    std::size_t files = 0, names = 0;
    for (const auto& package : drivers.packages) {
        want(package_root(package.folder));
        for (const auto& file : package.files)
            want(join_path(package_root(package.folder), file.path)), ++files;
    }
    for (const auto& promotion : drivers.promotions)
        if (promotion_fits(promotion, guest.architecture) &&
            (!promotion.needs_directory || before.contains(as_listed(std::string(parent_path(promotion.target))))))
            want(promotion.target), ++names;
    if (drivers.store_junction) want(join_path(kOwnRepository, drivers.primary().folder));

    const JudgedGuest judged(scratch, image);
    const auto after = judged.tree();
    std::size_t missing = 0, extra = 0;
    for (const auto& path : wanted)
        if (!after.contains(path)) ++missing, ADD_FAILURE() << "missing: " << path;
    for (const auto& [path, size] : after)
        if (!before.contains(path) && !wanted.contains(path)) ++extra, ADD_FAILURE() << "too many: " << path;
    for (const auto& [path, size] : before)
        if (const auto now = after.find(path);
            path != "/Windows/System32/config/SYSTEM" && (now == after.end() || now->second != size))
            ++extra, ADD_FAILURE() << "changed: " << path;
    fmt::print("{}: {} packages, {} files and {} names in the guest, {} missing, {} too many, {} warnings\n",
               GetParam().id, drivers.packages.size(), files, names, missing, extra, told.size());

    EXPECT_EQ(judged.check(), "");
    EXPECT_EQ(judged.audit(), "");
    const auto by_7zip = judged.extract_by_7zip("Windows/System32/HostDriverStore");
    const auto by_sleuthkit = judged.extract_by_sleuthkit();
    for (const auto& package : drivers.packages)
        for (const auto& file : package.files) {
            const auto path = replace_all(package.folder + "/" + file.path, "\\", "/");
            const auto source = sim::read_all(repository + "/" + path);
            const auto there = as_listed(std::string(kFileRepository)) + "/" + path;
            EXPECT_TRUE(source == sim::read_all(by_7zip + there)) << "7-Zip: " << path;
            EXPECT_TRUE(source == sim::read_all(by_sleuthkit + there)) << "Sleuth Kit: " << path;
        }
    EXPECT_THAT(judged.system_hive(), HasSubstr("ControlSet001"));
    const auto exported = judged.system_hive_by_regf();
    EXPECT_THAT(exported, HasSubstr("ControlSet001"));
    EXPECT_THAT(exported, HasSubstr(GetParam().value));
}

INSTANTIATE_TEST_SUITE_P(
    All, Fidelity,
    testing::Values(Vendor{sim::DriverVendor::nvidia, guest::Architecture::x64, "nvidia", "HostDriverStore"},
                    Vendor{sim::DriverVendor::intel, guest::Architecture::x64, "intel", "HostDriverStore"},
                    Vendor{sim::DriverVendor::amd, guest::Architecture::x64, "amd", ""},
                    Vendor{sim::DriverVendor::qualcomm, guest::Architecture::arm64, "qualcomm", ""}),
    [](const auto& each) { return std::string(each.param.id); });

} // namespace
} // namespace exhyperv::drivers::test

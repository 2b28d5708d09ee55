#include "../../bench/store_host.h"
#include "../../unit/sim/material/scratch.h"

#include "drivers/guest_paths.h"
#include "drivers/package.h"
#include "support/strings.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fmt/format.h>
#include <set>

namespace exhyperv::drivers::test {
namespace {

struct Vendor {
    sim::DriverVendor vendor;
    const char* id;
};

class VendorPackage : public testing::TestWithParam<Vendor> {};

} // namespace

/// Packages with the published names and layouts (synthetic content): each name of the table is found, and none
/// besides.
TEST_P(VendorPackage, HoldsEveryNameOfItsTable) {
    sim::Scratch scratch;
    sim::PackageSpec spec;
    spec.vendor = GetParam().vendor;
    ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", spec));
    bench::StoreHost host(scratch / "FileRepository", spec);
    const auto drivers = resolve(host, host, host.card(), CallContext::within(std::chrono::minutes(1)));
    ASSERT_TRUE(drivers) << describe(drivers.error());

    const auto* vendor = builtin_vendor_table().find(drivers->instance_path);
    ASSERT_NE(vendor, nullptr);
    EXPECT_EQ(vendor->id, GetParam().id);
    const bool arm = drivers->primary().architecture == guest::Architecture::arm64;
    std::set<std::string, ILess> wanted, found;
    for (const auto& group : vendor->groups)
        if (group.architectures.empty() ||
            std::ranges::find(group.architectures, arm ? "arm64" : "x64") != group.architectures.end())
            for (const auto& file : group.files)
                for (const auto& target : file.targets)
                    wanted.insert(join_path(group.directory, target));
    std::size_t extra = 0;
    for (const auto& promotion : drivers->promotions) {
        found.insert(promotion.target);
        extra += wanted.contains(promotion.target) ? 0 : 1; // those of the registry's own lists
    }
    std::size_t missing = 0;
    for (const auto& target : wanted)
        if (!found.contains(target)) ++missing, ADD_FAILURE() << "missing: " << target;
    for (const auto& warning : drivers->warnings) {
        std::string line = warning.key;
        for (const auto& [name, value] : warning.args)
            line += " " + name + "=" + value;
        ADD_FAILURE() << line;
    }
    fmt::print("{}: {} packages, {} files, {} names in the table, {} missing, {} more from the registry's lists\n",
               vendor->id, drivers->packages.size(), drivers->total_files(), wanted.size(), missing, extra);
}

INSTANTIATE_TEST_SUITE_P(All, VendorPackage,
                         testing::Values(Vendor{sim::DriverVendor::nvidia, "nvidia"},
                                         Vendor{sim::DriverVendor::intel, "intel"},
                                         Vendor{sim::DriverVendor::amd, "amd"},
                                         Vendor{sim::DriverVendor::qualcomm, "qualcomm"},
                                         Vendor{sim::DriverVendor::moore_threads, "moore_threads"}),
                         [](const auto& each) { return std::string(each.param.id); });

} // namespace exhyperv::drivers::test

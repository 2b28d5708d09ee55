#include "judged_guest.h"

#include "assign/image_drivers.h"
#include "support/strings.h"
#include "transport/sim/material/driver_store.h"
#include "transport/sim/material/guest_image.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace exhyperv::assign {
namespace {

namespace fs = std::filesystem;
using guest::Architecture;
using guest::ImageFormat;

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

/// Images of every kind a guest may lie in, and drivers into them without a host. Everything is synthesized.
class Guests : public testing::Test {
  protected:
    sim::GuestSpec small(std::uint32_t build = 26100) {
        sim::GuestSpec guest;
        guest.size_gib = 1;
        guest.files = 10;
        guest.build = build;
        return guest;
    }
    void make(const std::string& name, const sim::GuestSpec& guest,
              sim::DriverVendor vendor = sim::DriverVendor::nvidia) {
        request.image = scratch / name;
        ASSERT_TRUE(sim::make_guest_image(request.image, guest));
        if (!fs::exists(scratch / "FileRepository")) {
            sim::PackageSpec package;
            package.vendor = vendor;
            ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", package));
        }
        request.store = {scratch.path(),
                         vendor == sim::DriverVendor::qualcomm ? "ACPI\\VEN_QCOM&DEV_0C36" : "PCI\\VEN_10DE&DEV_2786",
                         ""};
    }
    Result<ImageImportResult> import() { return run_image_import(request, {}, soon()); }
    bool there(const std::string& path) {
        auto disk = guest::GuestDisk::open(request.image, {.writable = false, .partition = request.partition}).value();
        return disk->volume().stat(path).value().has_value();
    }

    sim::Scratch scratch;
    ImageImportRequest request;
};

} // namespace

TEST_F(Guests, OfEverySupportedBuildClientAndServer) {
    struct One {
        std::uint32_t build;
        bool server;
    };
    for (const One& one : {One{17134, false}, One{19041, false}, One{22631, false}, One{17763, true}, One{20348, true},
                           One{26100, true}}) {
        auto guest = small(one.build);
        guest.server = one.server;
        make(std::to_string(one.build) + (one.server ? "s" : "c") + ".vhdx", guest);
        const auto done = import();
        ASSERT_TRUE(done) << one.build << ": " << describe(done.error());
        EXPECT_EQ(done->import.windows.build, one.build);
        EXPECT_EQ(done->import.windows.server, one.server);
        EXPECT_TRUE(there("Windows\\System32\\nvapi64.dll"));
        EXPECT_TRUE(there("Windows\\SysWOW64\\nvapi.dll"));
    }
}

TEST_F(Guests, OnArm64GetTheirOwnPartsAndRefuseThoseOfAnotherArchitecture) {
    auto guest = small();
    guest.architecture = Architecture::arm64;
    make("arm.vhdx", guest, sim::DriverVendor::qualcomm);
    const auto done = import();
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(done->import.windows.architecture, Architecture::arm64);
    EXPECT_TRUE(there("Windows\\System32\\OpenCL.dll"));
    EXPECT_TRUE(there("Windows\\SyChpe32\\qcdx11x86um.dll"));
    make("x64.vhdx", small(), sim::DriverVendor::qualcomm);
    const auto refused = import();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "drivers.guest_architecture");
}

TEST_F(Guests, Without32BitPartsGetNone) {
    make("core.vhdx", small());
    {
        auto disk = guest::GuestDisk::open(request.image, {}).value();
        ASSERT_TRUE(disk->volume().remove_tree("Windows\\SysWOW64"));
        ASSERT_TRUE(disk->commit());
    }
    const auto done = import();
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_FALSE(there("Windows\\SysWOW64"));
    EXPECT_TRUE(there("Windows\\System32\\nvapi64.dll"));
}

TEST_F(Guests, InFixedAndRawImages) {
    for (const auto format : {ImageFormat::vhdx_fixed, ImageFormat::raw}) {
        auto guest = small();
        guest.format = format;
        make(std::string(guest::format_name(format)), guest);
        const auto done = import();
        ASSERT_TRUE(done) << describe(done.error());
        EXPECT_EQ(done->import.format, format);
        EXPECT_EQ(done->import.growth, 0u) << "it does not grow";
    }
}

TEST_F(Guests, InVhdsThatAnotherProgramMade) {
    NEED_PROGRAM("qemu-img");
    auto guest = small();
    guest.format = ImageFormat::raw;
    make("source.raw", guest);
    const auto raw = request.image;
    for (const auto& [kind, format] :
         {std::pair{"dynamic", ImageFormat::vhd_dynamic}, {"fixed", ImageFormat::vhd_fixed}}) {
        request.image = scratch / (std::string(kind) + ".vhd");
        const auto made = sim::run("qemu-img convert -f raw -O vpc -o force_size=on,subformat=" + std::string(kind) +
                                   " '" + raw + "' '" + request.image + "'");
        ASSERT_EQ(made.status, 0) << made.text;
        const auto done = import();
        ASSERT_TRUE(done) << describe(done.error());
        EXPECT_EQ(done->import.format, format);
        EXPECT_TRUE(there("Windows\\System32\\nvapi64.dll"));
        EXPECT_EQ(sim::run("qemu-img check -f vpc '" + request.image + "'").text.find("rror"), std::string::npos);
        // As qemu reads it: the same disk as a raw file, where our own reader finds everything in place again.
        const auto back = scratch / (std::string(kind) + ".raw");
        ASSERT_EQ(sim::run("qemu-img convert -f vpc -O raw '" + request.image + "' '" + back + "'").status, 0);
        auto disk = guest::GuestDisk::open(back, {.writable = false}).value();
        const auto manifest = drivers::read_manifest(disk->volume()).value().value();
        EXPECT_TRUE(drivers::read_back(*disk, manifest, {}, soon())->sound());
    }
}

TEST_F(Guests, InADifferencingImageWhoseParentStaysByteForByte) {
    NEED_PROGRAM("sha256sum");
    make("parent.vhdx", small());
    const auto parent = request.image;
    const auto sum = [&] { return sim::run("sha256sum '" + parent + "'").text; };
    const auto content = sum();
    auto child = small();
    child.format = ImageFormat::vhdx_differencing;
    child.parent = parent;
    make("child.avhdx", child);
    const auto done = import();
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_TRUE(done->import.chained);
    EXPECT_TRUE(there("Windows\\System32\\nvapi64.dll"));
    EXPECT_EQ(content, sum());
}

TEST_F(Guests, WithSeveralWindowsAskWhichAndOnlyThatIsTouched) {
    auto guest = small();
    guest.size_gib = 4;
    guest.content = sim::GuestContent::two_windows;
    make("two.vhdx", guest);
    const auto refused = import();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "guest.ambiguous_windows");
    const auto findings = guest::inspect_disk(request.image).value();
    std::vector<std::uint32_t> partitions;
    for (const auto& found : findings.partitions)
        if (found.windows) partitions.push_back(found.partition.number);
    ASSERT_EQ(partitions.size(), 2u);
    request.partition = partitions[1];
    ASSERT_TRUE(import());
    EXPECT_TRUE(there("Windows\\System32\\HostDriverStore"));
    request.partition = partitions[0];
    EXPECT_FALSE(there("Windows\\System32\\HostDriverStore"));
}

TEST_F(Guests, ExtrasOfThisMachineAndTheWholeStoreGoInAndComeOut) {
    make("golden.vhdx", small());
    sim::PackageSpec other;
    other.vendor = sim::DriverVendor::intel;
    ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", other));
    fs::create_directories(scratch / "tools/sub");
    std::ofstream(scratch / "tools/sub/probe.txt") << "probe";
    request.scope.full_store = true;
    request.scope.extras = {drivers::parse_extra((scratch / "tools") + "=Program Files\\Tools")};
    const auto done = import();
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_TRUE(there("Program Files\\Tools\\sub\\probe.txt"));
    EXPECT_GT(done->import.plan.drivers.packages.size(), 1u);
    request.scope = {};
    const auto again = import(); // no record of a host says what the extras were: they stay as they were brought
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_FALSE(again->report.changed());
    EXPECT_TRUE(there("Program Files\\Tools\\sub\\probe.txt"));
    EXPECT_TRUE(plan_image_import(request, soon())->plan.nothing_to_do());

    ImagePurgeRequest purge{request.image, 0, ""};
    EXPECT_EQ(plan_image_purge(purge, soon())->plan.extras,
              std::vector<std::string>{"Program Files\\Tools\\sub\\probe.txt"});
    purge.extras_confirmed = true;
    const auto gone = run_image_purge(purge, {}, soon());
    ASSERT_TRUE(gone) << describe(gone.error());
    EXPECT_FALSE(there("Program Files\\Tools"));
    EXPECT_FALSE(there("Windows\\System32\\HostDriverStore"));
}

} // namespace exhyperv::assign

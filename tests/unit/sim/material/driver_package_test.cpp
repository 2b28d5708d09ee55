#include "scratch.h"
#include "transport/sim/material/driver_store.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <map>
#include <set>

namespace exhyperv::sim {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::MatchesRegex;

struct Tree {
    std::map<std::string, std::uint64_t> sizes; ///< relative path -> size
    std::map<std::string, std::string> contents;
    std::map<std::string, fs::file_time_type> times;
    [[nodiscard]] std::uint64_t bytes() const {
        std::uint64_t sum = 0;
        for (const auto& [path, size] : sizes)
            sum += size;
        return sum;
    }
};

Tree read_tree(const std::string& root, bool with_contents) {
    Tree tree;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (!entry.is_regular_file()) continue;
        std::string name = fs::relative(entry.path(), root).generic_string();
        tree.sizes[name] = entry.file_size();
        tree.times[name] = entry.last_write_time();
        if (with_contents) tree.contents[name] = read_all(entry.path());
    }
    return tree;
}

PackageSpec spec_of(DriverVendor vendor) {
    PackageSpec spec;
    spec.vendor = vendor;
    return spec;
}

std::string primary_directory(const Scratch& scratch, const PackageSpec& spec) {
    return scratch / store_packages(spec).front().directory;
}

constexpr DriverVendor kAll[] = {DriverVendor::nvidia, DriverVendor::intel, DriverVendor::amd, DriverVendor::qualcomm,
                                 DriverVendor::moore_threads};

TEST(DriverPackage, IsNamedAsTheDriverStoreNamesIt) {
    auto names = store_packages(spec_of(DriverVendor::nvidia));
    ASSERT_EQ(names.size(), 1u);
    EXPECT_THAT(names[0].directory, MatchesRegex("nv_dispi\\.inf_amd64_[0-9a-f]{16}"));
    EXPECT_THAT(store_packages(spec_of(DriverVendor::qualcomm))[0].directory,
                MatchesRegex("qcdx8380\\.inf_arm64_[0-9a-f]{16}"));
    PackageSpec other = spec_of(DriverVendor::nvidia);
    other.version = "32.0.15.7000";
    EXPECT_NE(store_packages(other)[0].directory, names[0].directory);
}

TEST(DriverPackage, SmallOnesHaveAboutSixtyFilesAndAFewMegabytes) {
    for (DriverVendor vendor : kAll) {
        Scratch scratch;
        PackageSpec spec = spec_of(vendor);
        ASSERT_TRUE(make_driver_package(scratch.path(), spec)) << int(vendor);
        Tree tree = read_tree(primary_directory(scratch, spec), false);
        EXPECT_GE(tree.sizes.size(), 25u) << int(vendor);
        EXPECT_LE(tree.sizes.size(), 80u) << int(vendor);
        EXPECT_GT(tree.bytes(), 1'000'000u);
        EXPECT_LT(tree.bytes(), 8'000'000u);
        fmt::print("vendor {}: {} files, {} bytes\n", int(vendor), tree.sizes.size(), tree.bytes());
    }
}

TEST(DriverPackage, HoldsOneKernelDriverWhereTheServiceKeySaysIt) {
    for (DriverVendor vendor : kAll) {
        Scratch scratch;
        PackageSpec spec = spec_of(vendor);
        ASSERT_TRUE(make_driver_package(scratch.path(), spec));
        auto facts = package_registry(spec, 1, "oem12.inf");
        std::string key = "SYSTEM\\CurrentControlSet\\Services\\" + driver_facts(spec).service;
        auto service = std::find_if(facts.begin(), facts.end(), [&](const auto& f) { return f.path == key; });
        ASSERT_NE(service, facts.end());
        auto path = std::find_if(service->values.begin(), service->values.end(),
                                 [](const auto& v) { return v.name == "ImagePath"; });
        ASSERT_NE(path, service->values.end());
        EXPECT_EQ(path->type, std::uint32_t(host::RegType::expand_sz));
        std::string text = path->as_text(), prefix = "\\SystemRoot\\System32\\DriverStore\\FileRepository\\";
        ASSERT_TRUE(text.starts_with(prefix)) << text;
        std::string below = text.substr(prefix.size());
        std::replace(below.begin(), below.end(), '\\', '/');
        EXPECT_TRUE(fs::is_regular_file(scratch / below)) << below;
        Tree tree = read_tree(primary_directory(scratch, spec), false);
        EXPECT_EQ(std::count_if(tree.sizes.begin(), tree.sizes.end(),
                                [](const auto& f) { return f.first.ends_with(".sys"); }),
                  1);
    }
}

TEST(DriverPackage, NamesAreUniqueWithoutRegardToCase) {
    for (DriverVendor vendor : kAll) {
        for (PackageSize size : {PackageSize::small}) {
            Scratch scratch;
            PackageSpec spec = spec_of(vendor);
            spec.size = size;
            ASSERT_TRUE(make_driver_package(scratch.path(), spec));
            std::set<std::string> seen;
            for (const StorePackage& package : store_packages(spec)) {
                for (const auto& [path, bytes] : read_tree(scratch / package.directory, false).sizes) {
                    std::string name = fs::path(path).filename();
                    std::transform(name.begin(), name.end(), name.begin(), ::tolower);
                    EXPECT_TRUE(seen.insert(name).second) << path;
                }
            }
        }
    }
}

TEST(DriverPackage, IsTheSameEveryTimeAndAnotherWithAnotherSeedOrVersion) {
    Scratch a, b;
    PackageSpec spec = spec_of(DriverVendor::amd);
    ASSERT_TRUE(make_driver_package(a.path(), spec));
    ASSERT_TRUE(make_driver_package(b.path(), spec));
    Tree first = read_tree(a.path(), true), second = read_tree(b.path(), true);
    EXPECT_TRUE(first.contents == second.contents);
    EXPECT_TRUE(first.times == second.times);

    Scratch c;
    spec.seed = 2;
    ASSERT_TRUE(make_driver_package(c.path(), spec));
    EXPECT_NE(read_all(c / (store_packages(spec)[0].directory + "/B404785/amdkmdag.sys")),
              read_all(a / (store_packages(spec_of(DriverVendor::amd))[0].directory + "/B404785/amdkmdag.sys")));
}

TEST(DriverPackage, AmdCompanionsStandBesideThePackageThatNamesThem) {
    Scratch scratch;
    PackageSpec spec = spec_of(DriverVendor::amd);
    ASSERT_TRUE(make_driver_package(scratch.path(), spec));
    auto packages = store_packages(spec);
    ASSERT_EQ(packages.size(), 4u);
    std::string inf = read_all(scratch / (packages[0].directory + "/u0405183.inf"));
    EXPECT_THAT(inf, HasSubstr("CopyINF = amdocl.inf, amdwin-oem.inf, amdfendr.inf"));
    for (const StorePackage& package : packages) {
        Tree tree = read_tree(scratch / package.directory, false);
        EXPECT_EQ(std::count_if(tree.sizes.begin(), tree.sizes.end(),
                                [](const auto& f) { return f.first.ends_with(".inf"); }),
                  1);
        EXPECT_THAT(read_all(scratch / (package.directory + "/" + package.inf_name)),
                    HasSubstr("DriverVer   = 07/18/2024,32.0.11027.1003"));
    }
}

TEST(DriverPackage, FullOnesHaveTheMeasuredDistribution) {
    if (fs::space(fs::temp_directory_path()).available < 3'000'000'000u)
        GTEST_SKIP() << "needs 1.5 GB of temporary space";
    Scratch scratch;
    PackageSpec spec = spec_of(DriverVendor::nvidia);
    spec.size = PackageSize::full;
    ASSERT_TRUE(make_driver_package(scratch.path(), spec));
    Tree tree = read_tree(primary_directory(scratch, spec), false);
    EXPECT_EQ(tree.sizes.size(), 1200u);
    EXPECT_EQ(tree.bytes(), 1'500'000'000u);
    auto count = [&](std::uint64_t least, std::uint64_t most) {
        return std::count_if(tree.sizes.begin(), tree.sizes.end(),
                             [&](const auto& f) { return f.second >= least && f.second <= most; });
    };
    EXPECT_EQ(count(52'000'000, 148'000'000), 13);
    EXPECT_EQ(count(0, 64'000), 729);
    EXPECT_EQ(count(64'001, 51'999'999), 458);
}

TEST(DriverPackage, RefusesToOverwriteAndLeavesNothingHalfDone) {
    Scratch scratch;
    PackageSpec spec = spec_of(DriverVendor::amd);
    fs::create_directories(scratch / store_packages(spec).back().directory);
    auto result = make_driver_package(scratch.path(), spec);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "material.exists");
    EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), {}), 1);
}

TEST(DriverPackage, RefusesTextsThatWouldBreakPathsOrTheInf) {
    Scratch scratch;
    auto refused = [&](auto change, const char* field) {
        PackageSpec spec = spec_of(DriverVendor::nvidia);
        change(spec);
        auto result = make_driver_package(scratch.path(), spec);
        ASSERT_FALSE(result) << field;
        EXPECT_EQ(result.error().code, "material.bad_value");
        EXPECT_EQ(*result.error().arg("field"), field);
    };
    refused([](PackageSpec& s) { s.inf_name = "../x.inf"; }, "inf");
    refused([](PackageSpec& s) { s.version = "1.2.3"; }, "version");
    refused([](PackageSpec& s) { s.version = "1.2.3.65536"; }, "version");
    refused([](PackageSpec& s) { s.date = "2024-02-30"; }, "date");
    refused([](PackageSpec& s) { s.device_name = "a\nb"; }, "device_name");
    refused([](PackageSpec& s) { s.hardware_id = "PCI\\%x%"; }, "hardware_id");
    EXPECT_TRUE(fs::is_empty(scratch.path()));
}

// ---- INF text ----

TEST(PackageInf, NvidiaIsUtf16WithMarkAndCrLf) {
    Scratch scratch;
    PackageSpec spec = spec_of(DriverVendor::nvidia);
    ASSERT_TRUE(make_driver_package(scratch.path(), spec));
    std::string inf = primary_directory(scratch, spec) + "/nv_dispi.inf";
    EXPECT_EQ(read_all(inf).substr(0, 2), "\xFF\xFE");
    NEED_PROGRAM("iconv");
    Output text = run("iconv -f UTF-16 -t UTF-8 '" + inf + "'"); // an independent reader of the encoding
    ASSERT_EQ(text.status, 0);
    for (const char* expected :
         {"\r\n[Version]\r\n", "DriverVer   = 08/14/2024,32.0.15.6094\r\n", "CatalogFile = NV_DISP.CAT",
          "%Mfg% = NVIDIA_Devices, NTamd64.10.0...14393, NTamd64.10.0...17134\r\n",
          "%DEV.Card% = Section001, PCI\\VEN_10DE&DEV_2786&SUBSYS_40E51458",
          "AddService = nvlddmkm, 0x00000002, nvlddmkm_Service_Inst", "ServiceBinary  = %13%\\nvlddmkm.sys", ", \\\r\n",
          "DiskName = \"NVIDIA \"\"Display\"\" Driver Library\"",
          "HKR,\"CopyToVmOverwrite\",nvcuda,%REG_MULTI_SZ%,\"nvcuda_loader64.dll\",\"nvcuda.dll\"",
          "HKR,\"CopyToVmOverwrite\",nvapi64,%REG_SZ%,\"nvapi64.dll\"", "[SourceDisksFiles]", "nvlddmkm.sys = 1\r\n",
          "NVDisplay.Container.exe = 1,\"Display.NvContainer\"", "DEV.Card = \"NVIDIA GeForce RTX 4070\""}) {
        EXPECT_THAT(text.text, HasSubstr(expected));
    }
    std::string older = text.text.substr(text.text.find("14393]"), text.text.find("17134]") - text.text.find("14393]"));
    EXPECT_THAT(older, testing::Not(HasSubstr("DEV.Card"))) << "only the section for newer systems names the card";
}

TEST(PackageInf, NamesEveryFileOfThePackage) {
    for (DriverVendor vendor : {DriverVendor::intel, DriverVendor::amd, DriverVendor::qualcomm}) { // the 8-bit ones
        Scratch scratch;
        PackageSpec spec = spec_of(vendor);
        ASSERT_TRUE(make_driver_package(scratch.path(), spec));
        for (const StorePackage& package : store_packages(spec)) {
            std::string text = read_all(scratch / (package.directory + "/" + package.inf_name));
            std::string disk_files = text.substr(text.find("[SourceDisksFiles]"));
            for (const auto& [path, size] : read_tree(scratch / package.directory, false).sizes) {
                std::string name = fs::path(path).filename();
                if (name == package.inf_name || name.ends_with(".cat")) continue;
                EXPECT_THAT(disk_files, HasSubstr("\n" + name + " = 1")) << path;
            }
        }
    }
}

TEST(PackageInf, QualcommIsDecoratedForArm64AndHasPlainLineEnds) {
    Scratch scratch;
    PackageSpec spec = spec_of(DriverVendor::qualcomm);
    ASSERT_TRUE(make_driver_package(scratch.path(), spec));
    std::string text = read_all(primary_directory(scratch, spec) + "/qcdx8380.inf");
    EXPECT_THAT(text, HasSubstr("[QCOM.NTarm64.10.0...19041]"));
    EXPECT_THAT(text, HasSubstr("[qcdx8380_Install.NTarm64.Services]"));
    EXPECT_EQ(text.find('\r'), std::string::npos);
}

// ---- executables, read by 7-Zip ----

TEST(PackageExecutables, CarryTheDriverVersionAndTheirMachine) {
    NEED_PROGRAM("7zz");
    Scratch scratch;
    PackageSpec spec = spec_of(DriverVendor::nvidia);
    spec.version = "32.0.15.6614";
    ASSERT_TRUE(make_driver_package(scratch.path(), spec));
    std::string dir = primary_directory(scratch, spec);
    auto listing = [&](const char* name) { return run("7zz l -slt '" + dir + "/" + name + "'").text; };
    std::string driver = listing("nvlddmkm.sys");
    EXPECT_THAT(driver, HasSubstr("Type = PE"));
    EXPECT_THAT(driver, HasSubstr("CPU = x64"));
    EXPECT_THAT(driver, HasSubstr("FileVersion: 32.0.15.6614"));
    EXPECT_THAT(driver, HasSubstr("OriginalFilename: nvlddmkm.sys"));
    EXPECT_THAT(listing("nvapi.dll"), HasSubstr("CPU = x86"));
    EXPECT_THAT(listing("nvapi.dll"), HasSubstr("FileVersion: 32.0.15.6614"));
    Scratch other;
    PackageSpec arm = spec_of(DriverVendor::qualcomm);
    ASSERT_TRUE(make_driver_package(other.path(), arm));
    EXPECT_THAT(run("7zz l -slt '" + primary_directory(other, arm) + "/qcdxkm8380.sys'").text,
                HasSubstr("CPU = ARM64"));
}

TEST(PackageExecutables, AreKnownToObjdump) {
    NEED_PROGRAM("objdump");
    Scratch scratch;
    PackageSpec spec = spec_of(DriverVendor::intel);
    ASSERT_TRUE(make_driver_package(scratch.path(), spec));
    Output out = run("objdump -p '" + primary_directory(scratch, spec) + "/igdkmdn64.sys'");
    EXPECT_EQ(out.status, 0) << out.text;
    EXPECT_THAT(out.text, HasSubstr("pei-x86-64"));
    EXPECT_THAT(out.text, HasSubstr("NT native"));
}

// ---- registry ----

const host::RegistryValue* find_value(const std::vector<RegistryFacts>& facts, const std::string& key,
                                      const std::string& name) {
    for (const auto& fact : facts) {
        if (fact.path != key) continue;
        for (const auto& value : fact.values) {
            if (value.name == name) return &value;
        }
    }
    return nullptr;
}

TEST(PackageRegistry, DescribesTheCardInItsClassKey) {
    PackageSpec spec = with_defaults(spec_of(DriverVendor::nvidia));
    auto facts = package_registry(spec, 3, "oem45.inf");
    std::string key = "SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0003";
    ASSERT_NE(find_value(facts, key, "InfPath"), nullptr);
    EXPECT_EQ(find_value(facts, key, "InfPath")->as_text(), "oem45.inf");
    EXPECT_EQ(find_value(facts, key, "DriverVersion")->as_text(), "32.0.15.6094");
    EXPECT_EQ(find_value(facts, key, "DriverDate")->as_text(), "8-14-2024");
    EXPECT_EQ(find_value(facts, key, "MatchingDeviceId")->as_text(), "pci\\ven_10de&dev_2786&subsys_40e51458");
    EXPECT_EQ(find_value(facts, key, "DriverDesc")->as_text(), "NVIDIA GeForce RTX 4070");
    EXPECT_EQ(find_value(facts, key, "HardwareInformation.qwMemorySize")->as_number(), 12ull << 30);
    EXPECT_EQ(find_value(facts, key, "DriverDateData")->as_number(),
              133'680'672'000'000'000ull); // 2024-08-14 00:00 UTC
    std::vector<std::string> pair{"nvcuda_loader64.dll", "nvcuda.dll"};
    EXPECT_EQ(find_value(facts, key + "\\CopyToVmOverwrite", "nvcuda")->as_texts(), pair);
    EXPECT_EQ(find_value(facts, key + "\\CopyToVmOverwriteWow64", "nvapi")->type, std::uint32_t(host::RegType::sz));
}

TEST(PackageRegistry, ServiceHasPathsOfEveryTextType) {
    auto facts = package_registry(spec_of(DriverVendor::nvidia), 1, "oem12.inf");
    std::string key = "SYSTEM\\CurrentControlSet\\Services\\nvlddmkm";
    EXPECT_EQ(find_value(facts, key, "Type")->as_number(), 1u);
    EXPECT_EQ(find_value(facts, key, "Start")->as_number(), 3u);
    EXPECT_EQ(find_value(facts, key, "Group")->as_text(), "Video");
    EXPECT_THAT(find_value(facts, key, "DriverStorePath")->as_text(),
                HasSubstr("\\DriverStore\\FileRepository\\nv_dispi.inf_amd64_"));
    EXPECT_THAT(find_value(facts, key, "ModulePaths")->as_texts(), Contains(HasSubstr("\\DriverStore\\")));
    EXPECT_NE(find_value(facts, key + "\\Parameters", "ProfileDatabase"), nullptr);
}

TEST(PackageRegistry, IntelRuntimePathsPointAtFilesOfThePackage) {
    Scratch scratch;
    PackageSpec spec = spec_of(DriverVendor::intel);
    ASSERT_TRUE(make_driver_package(scratch.path(), spec));
    auto facts = package_registry(spec, 0, "oem7.inf");
    std::string key = "SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000";
    for (const char* name : {"OpenCLDriverName", "OpenCLDriverNameWow", "LevelZeroDriverPath", "VulkanDriverName",
                             "OpenGLDriverName", "OpenGLDriverNameWow", "ContentProtectionDriverName", "ControlApiPath",
                             "ControlApiPath32", "DriverStorePathForComputeRuntime", "DriverStorePathForVPL"}) {
        const auto* value = find_value(facts, key, name);
        ASSERT_NE(value, nullptr) << name;
        std::string path = value->as_text(), prefix = "C:\\Windows\\System32\\DriverStore\\FileRepository\\";
        ASSERT_TRUE(path.starts_with(prefix)) << path;
        path = path.substr(prefix.size());
        std::replace(path.begin(), path.end(), '\\', '/');
        EXPECT_TRUE(fs::exists(scratch / path)) << path;
    }
}

TEST(PackageRegistry, CopyToVmSourcesExist) {
    for (DriverVendor vendor : kAll) {
        Scratch scratch;
        PackageSpec spec = spec_of(vendor);
        ASSERT_TRUE(make_driver_package(scratch.path(), spec));
        for (const auto& fact : package_registry(spec, 1, "oem1.inf")) {
            if (fact.path.find("\\CopyToVm") == std::string::npos) continue;
            for (const auto& value : fact.values) {
                std::string source = value.as_texts().front();
                std::replace(source.begin(), source.end(), '\\', '/');
                EXPECT_TRUE(fs::is_regular_file(primary_directory(scratch, spec) + "/" + source)) << source;
            }
        }
    }
}

} // namespace
} // namespace exhyperv::sim

#include "drivers/package.h"
#include "fake_host.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace exhyperv;
using namespace exhyperv::drivers;
using namespace exhyperv::drivers::test;
using host::RegistryValue;

namespace {

Result<ResolvedDrivers> resolve_card(FakeHost& host) {
    return resolve(host.registry, host.files, host.card, soon());
}

std::vector<std::string> keys_of(const std::vector<Message>& messages) {
    std::vector<std::string> out;
    for (const auto& message : messages)
        out.push_back(message.key);
    return out;
}
const Promotion* promotion(const ResolvedDrivers& drivers, std::string_view target) {
    const auto found =
        std::ranges::find_if(drivers.promotions, [&](const auto& p) { return iequals(p.target, target); });
    return found == drivers.promotions.end() ? nullptr : &*found;
}
bool warned(const ResolvedDrivers& drivers, std::string_view key) {
    return std::ranges::any_of(drivers.warnings, [&](const auto& message) { return message.key == key; });
}

} // namespace

TEST(Resolve, GoesFromTheCardToItsPackage) {
    FakeHost host("nvidia");
    const auto drivers = resolve_card(host).value();
    EXPECT_EQ(drivers.vendor, model::GpuVendor::nvidia);
    EXPECT_EQ(drivers.card_name, "Synthetic card");
    EXPECT_EQ(drivers.hardware_id, "PCI\\VEN_10DE&DEV_2786&SUBSYS_17631462&REV_A1");
    ASSERT_EQ(drivers.packages.size(), 1u);
    const auto& package = drivers.primary();
    EXPECT_EQ(package.folder, host.folder);
    EXPECT_EQ(package.inf_name, "nv_dispi.inf");
    EXPECT_EQ(package.published_name, "oem7.inf");
    EXPECT_EQ(package.provider, "NVIDIA");
    EXPECT_EQ(package.version, (DriverVersion{"2025-03-14", "32.0.15.7283"}));
    EXPECT_EQ(package.architecture, guest::Architecture::x64);
    EXPECT_EQ(package.files.size(), 8u);
    EXPECT_EQ(package.directories, (std::vector<std::string>{"Display.NvContainer"}));
    EXPECT_TRUE(package.file("NVLDDMKM.sys")->essential);
    EXPECT_FALSE(package.file("nvapi64.dll")->essential);
    EXPECT_EQ(keys_of(drivers.warnings), std::vector<std::string>(5, "drivers.warn.promotion_missing"));
}

TEST(Resolve, AcceptsTheInterfacePathOfTheGpu) {
    FakeHost host("nvidia");
    const auto name =
        "\\\\?\\" + replace_all(host.card, "\\", "#") + "#{064092b3-625e-43bf-9eb5-dc845897dd59}\\GPUPARAV";
    EXPECT_EQ(resolve(host.registry, host.files, name, soon()).value().instance_path, host.card);
}

TEST(Resolve, NeedsAConstantNumberOfHostCalls) {
    FakeHost host("nvidia");
    for (int i = 0; i < 200; ++i)
        host.add("file" + std::to_string(i) + ".dll", "x");
    ASSERT_TRUE(resolve_card(host));
    EXPECT_EQ(host.registry.calls, 2u);
    EXPECT_EQ(host.files.calls, 3u);
}

TEST(Resolve, FindsTheNamesOfTheVendorTable) {
    FakeHost host("nvidia");
    const auto drivers = resolve_card(host).value();
    ASSERT_NE(promotion(drivers, "Windows\\System32\\OpenCL.dll"), nullptr);
    EXPECT_EQ(promotion(drivers, "Windows\\System32\\OpenCL.dll")->source, "OpenCL64.dll");
    EXPECT_EQ(promotion(drivers, "Windows\\System32\\vulkan-1-999-0-0-0.dll")->source, "vulkan-1-x64.dll");
    EXPECT_TRUE(promotion(drivers, "Windows\\SysWOW64\\nvapi.dll")->needs_directory);
    EXPECT_EQ(promotion(drivers, "Windows\\System32\\nvml.dll"), nullptr);
}

TEST(Resolve, NamesAmbiguousFilesInsteadOfGuessing) {
    FakeHost host("nvidia");
    host.add("other\\nvapi64.dll", "a second one");
    const auto drivers = resolve_card(host).value();
    EXPECT_EQ(promotion(drivers, "Windows\\System32\\nvapi64.dll"), nullptr);
    EXPECT_TRUE(warned(drivers, "drivers.warn.promotion_ambiguous"));
}

TEST(Resolve, ReadsCopyToVmListsBeforeTheTable) {
    FakeHost host("nvidia");
    host.add("sub\\nvgl64.dll", "gl");
    const auto key = host.class_key();
    host.registry.keys[key + "\\CopyToVmOverwrite"] = {RegistryValue::multi("A", {"sub\\nvgl64.dll", "opengl.dll"}),
                                                       RegistryValue::text("B", "nvapi64.dll")};
    host.registry.keys[key + "\\CopyToVmWhenNewerWow64"] = {RegistryValue::multi("A", {"nvapi.dll"})};
    const auto drivers = resolve_card(host).value();
    EXPECT_EQ(promotion(drivers, "Windows\\System32\\opengl.dll")->mode, PromotionMode::overwrite);
    EXPECT_EQ(promotion(drivers, "Windows\\System32\\nvapi64.dll")->mode, PromotionMode::overwrite);
    EXPECT_EQ(promotion(drivers, "Windows\\SysWOW64\\nvapi.dll")->mode, PromotionMode::when_newer);
    EXPECT_EQ(std::ranges::count_if(drivers.promotions,
                                    [](const auto& p) { return iequals(p.target, "Windows\\System32\\nvapi64.dll"); }),
              1);
}

TEST(Resolve, RefusesCopyToVmPathsThatLeaveThePackage) {
    FakeHost host("nvidia");
    host.registry.keys[host.class_key() + "\\CopyToVmOverwrite"] = {
        RegistryValue::multi("1", {"..\\other\\x.dll"}),
        RegistryValue::multi("2", {"C:\\Windows\\x.dll"}),
        RegistryValue::multi("3", {"\\x.dll"}),
        RegistryValue::multi("4", {"nvapi64.dll", "sub\\x.dll"}),
        RegistryValue::multi("5", {"nvapi64.dll", ".."}),
        RegistryValue::multi("6", {"nvapi64.dll", "x.dll:stream"}),
        RegistryValue::multi("7", {"nvapi64.dll", "a", "b"}),
        RegistryValue::number("8", 1),
        RegistryValue::multi("9", {"notthere.dll"})};
    const auto drivers = resolve_card(host).value();
    EXPECT_EQ(std::ranges::count(keys_of(drivers.warnings), "drivers.warn.copytovm_bad"), 8);
    EXPECT_EQ(std::ranges::count(keys_of(drivers.warnings), "drivers.warn.copytovm_missing"), 1);
    for (const auto& p : drivers.promotions)
        EXPECT_NE(p.mode, PromotionMode::overwrite) << p.target;
}

TEST(Resolve, TakesTheServiceValuesWithTheirPaths) {
    FakeHost host("nvidia");
    auto& service = host.registry.keys["SYSTEM\\CurrentControlSet\\Services\\nvlddmkm"];
    service.push_back(
        RegistryValue::multi("Extra", {"C:\\Windows\\System32\\DriverStore\\FileRepository\\x", "plain"}));
    const auto drivers = resolve_card(host).value();
    ASSERT_TRUE(drivers.service);
    EXPECT_EQ(drivers.service->name, "nvlddmkm");
    std::vector<std::string> names;
    for (const auto& value : drivers.service->values)
        names.push_back(value.name);
    std::ranges::sort(names);
    EXPECT_EQ(names, (std::vector<std::string>{"ErrorControl", "Extra", "Group", "ImagePath", "Start", "Type"}));
}

TEST(Resolve, MakesTheImagePathWhenTheHostsLeadsElsewhere) {
    FakeHost host("nvidia");
    auto& service = host.registry.keys["SYSTEM\\CurrentControlSet\\Services\\nvlddmkm"];
    for (auto& value : service)
        if (value.name == "ImagePath")
            value = RegistryValue::text("ImagePath", "system32\\drivers\\nvlddmkm.sys", host::RegType::expand_sz);
    const auto drivers = resolve_card(host).value();
    const auto image =
        std::ranges::find_if(drivers.service->values, [](const auto& value) { return value.name == "ImagePath"; });
    EXPECT_EQ(image->as_text(),
              "\\SystemRoot\\System32\\DriverStore\\FileRepository\\" + host.folder + "\\nvlddmkm.sys");
    EXPECT_EQ(image->type, 2u);
}

TEST(Resolve, AddsAmdCompanionsOfTheSameVersionOnly) {
    FakeHost host("amd");
    const auto store = std::string(kStore);
    const auto inf = make_inf("AMD", "SWC\\AMDOCL", "32.0.15.7283");
    host.files.add(store + "amdocl.inf_amd64_aa\\amdocl.inf", make_inf("AMD", "SWC\\AMDOCL", "31.0.0.1"));
    host.files.add(store + "amdocl.inf_amd64_bb\\amdocl.inf", inf);
    host.files.add(store + "amdocl.inf_amd64_bb\\clinfo.exe", "cl");
    host.files.add(store + "amdfendr.inf_amd64_cc\\amdfendr.inf", inf); // in CopyINF, but not in the vendor's list
    const auto drivers = resolve_card(host).value();
    ASSERT_EQ(drivers.packages.size(), 2u);
    EXPECT_EQ(drivers.packages[1].folder, "amdocl.inf_amd64_bb");
    EXPECT_EQ(promotion(drivers, "Windows\\System32\\clinfo.exe")->package, 1u);
    EXPECT_FALSE(drivers.service);

    host.files.add(store + "amdocl.inf_amd64_dd\\amdocl.inf", inf);
    const auto ambiguous = resolve_card(host).value();
    EXPECT_EQ(ambiguous.packages.size(), 1u);
    EXPECT_TRUE(warned(ambiguous, "drivers.warn.companion_ambiguous"));
}

TEST(Resolve, NamesAMissingCompanion) {
    FakeHost host("amd");
    EXPECT_TRUE(warned(resolve_card(host).value(), "drivers.warn.companion_missing"));
    host.files.add(std::string(kStore) + "amdocl.inf_amd64_aa\\amdocl.inf", make_inf("AMD", "SWC\\AMDOCL", "31.0.0.1"));
    EXPECT_TRUE(warned(resolve_card(host).value(), "drivers.warn.companion_other_version"));
}

TEST(Resolve, KeepsIntelRuntimeValues) {
    FakeHost host("intel");
    auto& key = host.registry.keys[host.class_key()];
    key.push_back(
        RegistryValue::text("LevelZeroDriverPath", "C:\\Windows\\System32\\DriverStore\\FileRepository\\x\\ze.dll"));
    key.push_back(RegistryValue::number("OpenGLInstalled", 1));
    const auto drivers = resolve_card(host).value();
    ASSERT_TRUE(drivers.runtime);
    EXPECT_EQ(drivers.runtime->name, host.driver_key);
    EXPECT_EQ(drivers.runtime->values.size(), 2u);
    EXPECT_FALSE(drivers.service);
}

TEST(Resolve, RefusesCardsWithoutADriver) {
    FakeHost host("nvidia");
    EXPECT_EQ(resolve(host.registry, host.files, "PCI\\VEN_10DE&DEV_9999\\1", soon()).error().code,
              "drivers.card_unknown");
    EXPECT_EQ(resolve(host.registry, host.files, "..\\..\\Services", soon()).error().code, "drivers.card_unknown");
    EXPECT_EQ(resolve(host.registry, host.files, "", soon()).error().code, "drivers.card_unknown");
    auto& device = host.registry.keys["SYSTEM\\CurrentControlSet\\Enum\\" + host.card];
    device[0] = RegistryValue::text("Driver", "{4d36e968-e325-11ce-bfc1-08002be10318}\\..\\x");
    EXPECT_EQ(resolve_card(host).error().code, "drivers.no_driver");
    device.erase(device.begin());
    EXPECT_EQ(resolve_card(host).error().code, "drivers.no_driver");
}

TEST(Resolve, SaysWhenThePackageIsGone) {
    FakeHost host("nvidia");
    host.files.infs.clear();
    EXPECT_EQ(resolve_card(host).error().code, "drivers.package_missing");
    host.files.infs["oem7.inf"] = std::string(kStore) + "gone.inf_amd64_1";
    EXPECT_EQ(resolve_card(host).error().code, "drivers.package_missing");
    host.files.infs["oem7.inf"] = "C:\\Windows\\System32";
    EXPECT_EQ(resolve_card(host).error().code, "drivers.package_unsafe");
}

TEST(Resolve, SaysWhenTheInfIsBroken) {
    FakeHost host("nvidia");
    host.add("nv_dispi.inf", "no section at all");
    const auto error = resolve_card(host).error();
    EXPECT_EQ(error.code, "drivers.inf_invalid");
    EXPECT_EQ(*error.arg("inf"), "nv_dispi.inf");
}

TEST(Resolve, WarnsWhenInfAndRegistryDisagree) {
    FakeHost host("nvidia");
    host.registry.keys[host.class_key()][2] = RegistryValue::text("DriverVersion", "1.2.3.4");
    host.add("nv_dispi.inf", make_inf("NVIDIA", "PCI\\VEN_10DE&DEV_0001", "32.0.15.7283"));
    const auto drivers = resolve_card(host).value();
    EXPECT_TRUE(warned(drivers, "drivers.warn.version_differs"));
    EXPECT_TRUE(warned(drivers, "drivers.warn.card_not_in_inf"));
}

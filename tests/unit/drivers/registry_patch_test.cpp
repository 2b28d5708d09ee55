#include "drivers/registry_patch.h"
#include "memory_volume.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace exhyperv;
using namespace exhyperv::drivers;
using namespace exhyperv::drivers::test;
using host::RegistryValue;
using Kind = guest::HiveEdit::Kind;

namespace {

constexpr std::string_view kClass = "Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}";

guest::HiveValue hive_value(const RegistryValue& value) {
    return {value.name, value.type, value.data};
}

ResolvedDrivers nvidia() {
    ResolvedDrivers out;
    out.instance_path = "PCI\\VEN_10DE&DEV_2786\\4&1";
    out.service = RegistrySource{
        "nvlddmkm",
        {RegistryValue::number("Start", 3),
         RegistryValue::text("ImagePath", "\\SystemRoot\\System32\\DriverStore\\FileRepository\\p\\nvlddmkm.sys",
                             host::RegType::expand_sz)}};
    return out;
}

ResolvedDrivers intel() {
    ResolvedDrivers out;
    out.instance_path = "PCI\\VEN_8086&DEV_56A0\\3&1";
    out.runtime_rule = RuntimeRegistry::intel;
    out.runtime = RegistrySource{
        "{4d36e968-e325-11ce-bfc1-08002be10318}\\0003",
        {RegistryValue::text("LevelZeroDriverPath", "C:\\Windows\\System32\\DriverStore\\FileRepository\\p\\ze.dll"),
         RegistryValue::number("OpenGLInstalled", 1)}};
    return out;
}

std::string text_at(const guest::Hive& hive, const std::string& key, const std::string& name) {
    const auto value = hive.value(key, name).value();
    return value ? RegistryValue{value->name, value->type, value->data}.as_text() : "(missing)";
}

} // namespace

TEST(HostDriverStorePaths, ChangeEveryComponentOnce) {
    EXPECT_EQ(to_host_driver_store("\\SystemRoot\\System32\\DriverStore\\FileRepository\\x"),
              "\\SystemRoot\\System32\\HostDriverStore\\FileRepository\\x");
    EXPECT_EQ(to_host_driver_store("C:/a/driverSTORE/b;C:\\DriverStore"), "C:/a/HostdriverSTORE/b;C:\\HostDriverStore");
    EXPECT_EQ(to_host_driver_store("DriverStore\\DriverStore"), "HostDriverStore\\HostDriverStore");
    for (const char* same : {"C:\\HostDriverStore\\x", "MyDriverStore\\x", "\\DriverStoreOld\\x", "", "a driverstore"})
        EXPECT_EQ(to_host_driver_store(same), same);
    const auto once = to_host_driver_store("\\DriverStore\\x");
    EXPECT_EQ(to_host_driver_store(once), once);
}

TEST(HostDriverStorePaths, ChangeEveryTextTypeAndLeaveOthers) {
    const auto path = std::string("\\DriverStore\\x");
    for (auto type : {host::RegType::sz, host::RegType::expand_sz})
        EXPECT_EQ(to_host_driver_store(hive_value(RegistryValue::text("v", path, type))),
                  hive_value(RegistryValue::text("v", "\\HostDriverStore\\x", type)));
    EXPECT_EQ(to_host_driver_store(hive_value(RegistryValue::multi("v", {path, "plain", "DriverStore"}))),
              hive_value(RegistryValue::multi("v", {"\\HostDriverStore\\x", "plain", "HostDriverStore"})));
    auto binary = hive_value(RegistryValue::text("v", path));
    binary.type = 3;
    EXPECT_EQ(to_host_driver_store(binary), binary);
    auto odd = hive_value(RegistryValue::text("v", path));
    odd.data.push_back(std::byte{1});
    EXPECT_EQ(to_host_driver_store(odd), odd);
}

TEST(RegistryPatch, WritesTheServiceIntoEveryNamedControlSet) {
    MemoryDisk disk;
    auto hive = disk.read_hive("SYSTEM").value();
    const auto plan = plan_registry(nvidia(), hive, disk.windows(), {}).value();
    EXPECT_EQ(plan.created_keys,
              (std::vector<std::string>{"ControlSet001\\Services\\nvlddmkm", "ControlSet002\\Services\\nvlddmkm"}));
    ASSERT_TRUE(hive.apply(plan.edits));
    for (const char* set : {"ControlSet001", "ControlSet002"}) {
        const auto key = std::string(set) + "\\Services\\nvlddmkm";
        EXPECT_EQ(text_at(hive, key, "ImagePath"),
                  "\\SystemRoot\\System32\\HostDriverStore\\FileRepository\\p\\nvlddmkm.sys");
        EXPECT_EQ(hive.value(key, "ImagePath").value()->type, 2u);
        EXPECT_EQ(hive.value(key, "Start").value()->data[0], std::byte{3});
    }
    Manifest manifest;
    manifest.values = plan.values;
    EXPECT_TRUE(plan_registry(nvidia(), hive, disk.windows(), manifest).value().edits.empty());
}

TEST(RegistryPatch, SkipsControlSetsThatWereNeverMade) {
    MemoryDisk disk;
    disk.install.control_sets = {1, 7};
    const auto plan = plan_registry(nvidia(), disk.read_hive("SYSTEM").value(), disk.windows(), {}).value();
    EXPECT_EQ(plan.created_keys.size(), 1u);
}

TEST(RegistryPatch, GivesBackWhatWasThere) {
    MemoryDisk disk;
    auto hive = disk.read_hive("SYSTEM").value();
    const std::string key = "ControlSet001\\Services\\nvlddmkm";
    const auto old = hive_value(RegistryValue::text("ImagePath", "system32\\drivers\\old.sys"));
    ASSERT_TRUE(hive.apply({{Kind::set_value, key, old}, {Kind::set_value, key, {"Mine", 3, {std::byte{9}}}}}));
    ASSERT_TRUE(disk.write_hive("SYSTEM", hive));
    const auto before = disk.system_values("");

    const auto plan = plan_registry(nvidia(), hive, disk.windows(), {}).value();
    ASSERT_TRUE(hive.apply(plan.edits));
    const auto restore = plan_registry_restore(plan.values, plan.created_keys, hive).value();
    EXPECT_TRUE(restore.warnings.empty());
    ASSERT_TRUE(hive.apply(restore.edits));
    ASSERT_TRUE(disk.write_hive("SYSTEM", hive));
    EXPECT_EQ(disk.system_values(""), before);
}

TEST(RegistryPatch, RemembersTheFirstValueOverSeveralImports) {
    MemoryDisk disk;
    auto hive = disk.read_hive("SYSTEM").value();
    const auto first = plan_registry(nvidia(), hive, disk.windows(), {}).value();
    ASSERT_TRUE(hive.apply(first.edits));
    Manifest manifest;
    manifest.values = first.values;
    auto newer = nvidia();
    newer.service->values[0] = RegistryValue::number("Start", 1);
    const auto second = plan_registry(newer, hive, disk.windows(), manifest).value();
    EXPECT_EQ(second.edits.size(), 2u);
    for (const auto& value : second.values)
        EXPECT_FALSE(value.before);
}

TEST(RegistryPatch, LeavesValuesThatTheGuestChangedSince) {
    MemoryDisk disk;
    auto hive = disk.read_hive("SYSTEM").value();
    const auto plan = plan_registry(nvidia(), hive, disk.windows(), {}).value();
    ASSERT_TRUE(hive.apply(plan.edits));
    const std::string key = "ControlSet001\\Services\\nvlddmkm";
    ASSERT_TRUE(hive.apply({{Kind::set_value, key, hive_value(RegistryValue::number("Start", 4))},
                            {Kind::create_key, key + "\\Enum", {}}}));
    const auto restore = plan_registry_restore(plan.values, plan.created_keys, hive).value();
    ASSERT_EQ(restore.warnings.size(), 2u);
    EXPECT_EQ(restore.warnings[0].key, "drivers.warn.value_changed");
    EXPECT_EQ(restore.warnings[1].key, "drivers.warn.key_kept");
    ASSERT_TRUE(hive.apply(restore.edits));
    EXPECT_EQ(hive.value(key, "Start").value()->data[0], std::byte{4});
    EXPECT_FALSE(hive.value(key, "ImagePath").value());
    EXPECT_FALSE(hive.has_key("ControlSet002\\Services\\nvlddmkm"));
}

TEST(RegistryPatch, PutsIntelValuesIntoAFreeClassKeyAndTheHyperVAdapter) {
    MemoryDisk disk;
    auto hive = disk.read_hive("SYSTEM").value();
    const auto video = "ControlSet001\\" + std::string(kClass) + "\\0000";
    ASSERT_TRUE(
        hive.apply({{Kind::set_value, video, hive_value(RegistryValue::text("DriverDesc", "Microsoft Hyper-V Video"))},
                    {Kind::set_value, video, hive_value(RegistryValue::text("ProviderName", "Microsoft"))}}));
    const auto plan = plan_registry(intel(), hive, disk.windows(), {}).value();
    ASSERT_TRUE(hive.apply(plan.edits));
    const std::string path = "C:\\Windows\\System32\\HostDriverStore\\FileRepository\\p\\ze.dll";
    EXPECT_EQ(text_at(hive, "ControlSet001\\" + std::string(kClass) + "\\0003", "LevelZeroDriverPath"), path);
    EXPECT_EQ(text_at(hive, video, "LevelZeroDriverPath"), path);
    EXPECT_FALSE(hive.value(video, "OpenGLInstalled").value());
    EXPECT_TRUE(plan.warnings.empty()); // the other control set has no such adapter, but is not the active one
}

TEST(RegistryPatch, LeavesAnothersClassKeyAlone) {
    MemoryDisk disk;
    auto hive = disk.read_hive("SYSTEM").value();
    for (const char* set : {"ControlSet001\\", "ControlSet002\\"}) {
        const auto key = set + std::string(kClass) + "\\0003";
        ASSERT_TRUE(hive.apply({{Kind::set_value, key, hive_value(RegistryValue::text("DriverDesc", "Other card"))},
                                {Kind::set_value, key, hive_value(RegistryValue::text("ProviderName", "Somebody"))}}));
    }
    const auto plan = plan_registry(intel(), hive, disk.windows(), {}).value();
    EXPECT_TRUE(plan.edits.empty());
    EXPECT_EQ(
        std::ranges::count_if(plan.warnings, [](const auto& w) { return w.key == "drivers.warn.class_key_foreign"; }),
        2);
}

TEST(RegistryPatch, WritesNothingForOtherVendors) {
    MemoryDisk disk;
    ResolvedDrivers amd;
    amd.instance_path = "PCI\\VEN_1002&DEV_744C\\1";
    const auto plan = plan_registry(amd, disk.read_hive("SYSTEM").value(), disk.windows(), {}).value();
    EXPECT_TRUE(plan.edits.empty());
    EXPECT_TRUE(plan.values.empty());
}

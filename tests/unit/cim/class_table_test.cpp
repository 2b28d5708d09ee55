#include "cim/class_table.h"
#include "support/strings.h"

#include <gtest/gtest.h>

#include <set>

namespace exhyperv::cim {
namespace {

constexpr std::string_view kV2 = "root\\virtualization\\v2";

TEST(ClassTable, FindsClassesWithoutCaseInTheirNamespaceOnly) {
    const auto* info = class_table::find("ROOT/Virtualization/V2", "MSVM_partitionablegpu");
    ASSERT_NE(info, nullptr);
    EXPECT_EQ(info->name, "Msvm_PartitionableGpu");
    EXPECT_EQ(class_table::find("root\\cimv2", "Msvm_PartitionableGpu"), nullptr);
    EXPECT_EQ(class_table::find(kV2, "Msvm_NoSuchClass"), nullptr);
    EXPECT_EQ(class_table::find(kV2, ""), nullptr);
    EXPECT_TRUE(class_table::knows_namespace("root/cimv2"));
    EXPECT_FALSE(class_table::knows_namespace("root\\MSCluster"));
}

TEST(ClassTable, KeepsClassesOfOneNameInTwoNamespacesApart) {
    const auto* ours = class_table::find(kV2, "CIM_LogicalDevice");
    const auto* theirs = class_table::find("root\\cimv2", "CIM_LogicalDevice");
    ASSERT_TRUE(ours && theirs);
    EXPECT_NE(ours, theirs);
    EXPECT_NE(class_table::property(*theirs, "PNPDeviceID", 26100), nullptr);
    EXPECT_EQ(class_table::property(*ours, "PNPDeviceID", 26100), nullptr);
}

TEST(ClassTable, KnowsWhichBuildHasWhat) {
    EXPECT_EQ(class_table::find(kV2, "Msvm_PartitionableGpu", 10586), nullptr);
    const auto* gpu = class_table::find(kV2, "Msvm_PartitionableGpu", 14393);
    ASSERT_NE(gpu, nullptr);
    EXPECT_EQ(class_table::property(*gpu, "SupportsIncomingLiveMigration", 22621), nullptr);
    EXPECT_NE(class_table::property(*gpu, "SupportsIncomingLiveMigration", 26100), nullptr);
    EXPECT_NE(class_table::property(*gpu, "SupportsIncomingLiveMigration", 99999), nullptr)
        << "what is there today stays";
    EXPECT_EQ(class_table::find(kV2, "Msvm_VirtualSystemPciExpressSettingData", 26100), nullptr);
    EXPECT_NE(class_table::find(kV2, "Msvm_VirtualSystemPciExpressSettingData", 28000), nullptr);
    const auto* settings = class_table::find(kV2, "Msvm_VirtualSystemSettingData");
    ASSERT_NE(settings, nullptr);
    EXPECT_EQ(class_table::property(*settings, "HighMmioGapBase", 16299), nullptr);
    EXPECT_NE(class_table::property(*settings, "HighMmioGapBase", 17134), nullptr);
}

TEST(ClassTable, InheritsPropertiesMethodsAndKeys) {
    const auto* gpu = class_table::find(kV2, "Msvm_PartitionableGpu");
    ASSERT_NE(gpu, nullptr);
    EXPECT_TRUE(class_table::derives_from(*gpu, "CIM_ComputerSystem"));
    EXPECT_TRUE(class_table::derives_from(*gpu, "msvm_partitionablegpu"));
    EXPECT_FALSE(class_table::derives_from(*gpu, "CIM_LogicalDevice"));
    const auto* name = class_table::property(*gpu, "NAME", 26100);
    ASSERT_NE(name, nullptr);
    EXPECT_TRUE(name->key);
    EXPECT_TRUE(class_table::property(*gpu, "PartitionCount", 26100)->writable);
    EXPECT_NE(class_table::method(*class_table::find(kV2, "Msvm_ComputerSystem"), "requeststatechange", 26100),
              nullptr);
    EXPECT_EQ(class_table::method(*gpu, "NoSuchMethod", 26100), nullptr);
}

TEST(ClassTable, DescribesMethodParameters) {
    const auto* service = class_table::find(kV2, "Msvm_AssignableDeviceService");
    ASSERT_NE(service, nullptr);
    const auto* method = class_table::method(*service, "DismountAssignableDevice", 26100);
    ASSERT_NE(method, nullptr);
    ASSERT_EQ(method->parameters.size(), 3u);
    EXPECT_EQ(method->parameters[0].name, "DismountSettingData");
    EXPECT_EQ(method->parameters[0].direction, Direction::in);
    EXPECT_EQ(method->parameters[2].direction, Direction::out);
    EXPECT_EQ(method->parameters[2].type, CimType::reference);
    EXPECT_EQ(method->parameters[2].reference_class, "CIM_ConcreteJob");
}

TEST(ClassTable, AssociationsNameTheirEnds) {
    const auto* link = class_table::find(kV2, "Msvm_SettingsDefineState");
    ASSERT_NE(link, nullptr);
    EXPECT_TRUE(link->association);
    int references = 0;
    for (const auto* property : class_table::properties(*link, 26100))
        references += property->type == CimType::reference;
    EXPECT_EQ(references, 2);
}

TEST(ClassTable, EveryClassIsFoundAndHasEachPropertyOnce) {
    for (const ClassInfo& info : class_table::all()) {
        EXPECT_EQ(class_table::find(info.name_space, info.name), &info) << info.name;
        EXPECT_EQ(info.base != nullptr, !info.super.empty()) << info.name;
        if (info.base) {
            EXPECT_TRUE(iequals(info.base->name, info.super)) << info.name;
        }
        for (const std::uint32_t build : {14393u, 17763u, 19041u, 20348u, 22000u, 22621u, 26100u, 28000u}) {
            std::set<std::string> names;
            for (const auto* property : class_table::properties(info, build)) {
                EXPECT_TRUE(names.insert(ascii_lower(property->name)).second) << info.name << "." << property->name;
                EXPECT_EQ(class_table::property(info, property->name, build), property)
                    << info.name << "." << property->name;
            }
        }
    }
}

} // namespace
} // namespace exhyperv::cim

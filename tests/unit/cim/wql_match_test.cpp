#include "cim/wql.h"

#include <gtest/gtest.h>

namespace exhyperv::cim::wql {
namespace {

Instance row() {
    Instance out("Msvm_PciExpressSettingData");
    out.set_path(*ObjectPath::parse(R"(\\HOST\root\virtualization\v2:Msvm_PciExpressSettingData.InstanceID="A\\B")"));
    out.set("ElementName", Value::string("PCI Express Port"));
    out.set("ResourceType", Value::uint16(32769));
    out.set("Limit", Value::uint64(UINT64_MAX));
    out.set("Offset", Value::sint32(-5));
    out.set("AutomaticAllocation", Value::boolean(true));
    out.set("PoolID", Value::null(CimType::string));
    out.set("Weight", Value::null(CimType::uint32));
    out.set("HostResource", Value::strings({"x"}));
    out.set("Inner", Value::object(Instance("Msvm_PartitionableGpu")));
    return out;
}

Result<bool> holds(const std::string& condition) {
    const auto query = Query::parse("SELECT * FROM X WHERE " + condition);
    EXPECT_TRUE(query) << condition;
    return matches(*query->select()->condition, row());
}

TEST(WqlMatch, ComparesByTheTypeOfTheProperty) {
    struct Case {
        const char* condition;
        bool matches;
    };
    const Case cases[] = {
        {"ElementName = 'pci express port'", true},
        {"ElementName <> 'PCI Express Port'", false},
        {"ElementName > 'PCI'", true},
        {"ElementName LIKE '%port'", true},
        {"NOT ElementName LIKE '%port'", false},
        {"ResourceType = 32769", true},
        {"ResourceType = '32769'", true},
        {"ResourceType > 9", true},
        {"ResourceType < -1", false},
        {"Limit = 18446744073709551615", true},
        {"Limit > 9223372036854775807", true},
        {"Offset < 0", true},
        {"Offset = -5", true},
        {"Offset > -6 AND Offset < 4", true},
        {"AutomaticAllocation = TRUE", true},
        {"AutomaticAllocation = 'false'", false},
        {"AutomaticAllocation = 1", true},
        {"AutomaticAllocation <> FALSE", true},
        {"__CLASS = 'msvm_pciexpresssettingdata'", true},
        {"__RELPATH LIKE 'Msvm_PciExpressSettingData.%'", true},
        {"__SERVER = 'host'", true},
        {"ResourceType = 1 OR ElementName = 'PCI Express Port'", true},
        {"ResourceType = 1 AND ElementName = 'PCI Express Port'", false},
        {"NOT (ResourceType = 1)", true},
    };
    for (const Case& one : cases) {
        const auto result = holds(one.condition);
        ASSERT_TRUE(result) << one.condition << ": " << describe(result.error());
        EXPECT_EQ(*result, one.matches) << one.condition;
    }
}

TEST(WqlMatch, NullIsUnknownNotFalse) {
    EXPECT_FALSE(*holds("PoolID = ''"));
    EXPECT_FALSE(*holds("PoolID <> ''"));
    EXPECT_FALSE(*holds("NOT (PoolID = '')"));
    EXPECT_FALSE(*holds("PoolID LIKE '%'"));
    EXPECT_FALSE(*holds("NOT PoolID LIKE '%'"));
    EXPECT_FALSE(*holds("Weight < 5"));
    EXPECT_TRUE(*holds("PoolID IS NULL"));
    EXPECT_TRUE(*holds("Weight = NULL"));
    EXPECT_FALSE(*holds("ElementName IS NULL"));
    EXPECT_TRUE(*holds("ElementName IS NOT NULL"));
    EXPECT_TRUE(*holds("Weight < 5 OR ResourceType = 32769")) << "unknown OR yes is yes";
}

TEST(WqlMatch, IsaFollowsTheClassTable) {
    EXPECT_TRUE(*holds("__this ISA 'CIM_ResourceAllocationSettingData'"));
    EXPECT_TRUE(*holds("__this ISA 'Msvm_PciExpressSettingData'"));
    EXPECT_FALSE(*holds("__this ISA 'CIM_LogicalDevice'"));
    EXPECT_TRUE(*holds("Inner ISA 'CIM_ComputerSystem'"));
    EXPECT_FALSE(*holds("Inner ISA 'CIM_LogicalDevice'"));
}

TEST(WqlMatch, RefusesUnknownPropertiesAndSenselessComparisons) {
    const auto unknown = holds("NoSuchProperty = 1");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, "cim.unknown_property");
    EXPECT_EQ(unknown.error().native, (NativeCode{NativeKind::hresult, 0x80041017}));
    EXPECT_FALSE(holds("ResourceType = 1 AND NoSuchProperty = 1")) << "the other half does not hide it";
    EXPECT_FALSE(holds("ElementName = 'PCI Express Port' OR NoSuchProperty = 1"));
    for (const char* condition : {"HostResource = 'x'", "ResourceType = 'many'", "ResourceType LIKE '3%'",
                                  "AutomaticAllocation = 'perhaps'", "Inner = 'x'", "ElementName ISA 'X'"}) {
        const auto result = holds(condition);
        ASSERT_FALSE(result) << condition;
        EXPECT_EQ(result.error().code, "cim.bad_query") << condition;
    }
}

TEST(WqlMatch, EmptyListsOfConditionsMeanAlwaysAndNever) {
    EXPECT_TRUE(*matches(all_of({}), row()));
    EXPECT_FALSE(*matches(any_of({}), row()));
    EXPECT_TRUE(*matches(all_of({where("ResourceType", Compare::equal, std::uint64_t{32769})}), row()));
}

} // namespace
} // namespace exhyperv::cim::wql

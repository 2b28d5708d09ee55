#include "cim/class_table.h"
#include "cim_session_contract.h"
#include "support/strings.h"

#include <set>

namespace exhyperv::contract {
namespace {

std::multiset<std::string> ids(const std::vector<cim::Instance>& rows) {
    std::multiset<std::string> out;
    for (const auto& row : rows)
        out.insert(row.path() ? row.path()->relative() : "no path");
    return out;
}

TEST_P(CimSessionContract, RowsCarryTheirWholePath) {
    if (!open()) GTEST_SKIP();
    const auto all = rows("SELECT * FROM Msvm_ComputerSystem");
    EXPECT_GE(all.size(), 3u) << "the host itself, a running VM, one that is off";
    bool host_seen = false;
    for (const auto& row : all) {
        ASSERT_TRUE(row.path());
        EXPECT_TRUE(iequals(row.path()->host, session().host_name()));
        EXPECT_TRUE(iequals(row.path()->name_space, host::kVirtualization));
        EXPECT_EQ(row.class_name(), "Msvm_ComputerSystem");
        EXPECT_EQ(row.path()->text_key("Name"), row.text("Name"));
        host_seen = host_seen || iequals(row.text_or("Name", ""), session().host_name());
    }
    EXPECT_TRUE(host_seen) << "the host is a computer system, too";
}

TEST_P(CimSessionContract, AnyPathFoundLeadsBackToItsObject) {
    if (!open()) GTEST_SKIP();
    for (const char* wql : {"SELECT * FROM Msvm_ComputerSystem", "SELECT * FROM Msvm_VirtualSystemSettingData",
                            "SELECT * FROM Msvm_PartitionableGpu", "SELECT * FROM CIM_ResourceAllocationSettingData"}) {
        for (const auto& row : rows(wql)) {
            const auto path = cim::ObjectPath::parse(row.path()->full());
            ASSERT_TRUE(path) << row.path()->full();
            const auto again = session().get(*path, soon());
            ASSERT_TRUE(again) << path->full() << ": " << describe(again.error());
            EXPECT_EQ(again->class_name(), row.class_name());
            EXPECT_TRUE(again->path() && again->path()->same_object(*path));
            for (const auto& [name, value] : path->keys) {
                const auto* text = std::get_if<std::string>(&value);
                ASSERT_TRUE(text) << path->full();
                EXPECT_EQ(again->text(name), *text);
            }
        }
    }
}

TEST_P(CimSessionContract, RowsHaveThePropertiesOfTheHostsBuildWithTheirTypes) {
    if (!open()) GTEST_SKIP();
    const auto build_number = build();
    ASSERT_GT(build_number, 9000u);
    for (const char* name : {"Msvm_VirtualSystemSettingData", "Msvm_PartitionableGpu", "Msvm_ComputerSystem"}) {
        const auto* info = cim::class_table::find(host::kVirtualization, name, build_number);
        ASSERT_TRUE(info) << name;
        const auto found = rows(std::string("SELECT * FROM ") + name);
        ASSERT_FALSE(found.empty()) << name;
        for (const auto* property : cim::class_table::properties(*info, build_number)) {
            const auto* value = found[0].find(property->name);
            ASSERT_TRUE(value) << name << "." << property->name << ": NULL is a value, absent is not";
            EXPECT_EQ(value->type(), property->type) << name << "." << property->name;
            EXPECT_EQ(value->is_array(), property->array) << name << "." << property->name;
        }
        for (const auto& property : found[0].properties())
            EXPECT_TRUE(cim::class_table::property(*info, property.name, build_number)) << name << "." << property.name;
    }
}

TEST_P(CimSessionContract, ASelectOfNamedPropertiesReturnsThoseAndThePath) {
    if (!open()) GTEST_SKIP();
    const auto found = rows("SELECT ElementName, enabledstate FROM Msvm_ComputerSystem");
    ASSERT_FALSE(found.empty());
    for (const auto& row : found) {
        EXPECT_EQ(row.properties().size(), 2u);
        EXPECT_TRUE(row.find("ElementName") && row.find("EnabledState"));
        ASSERT_TRUE(row.path());
        EXPECT_FALSE(row.path()->text_key("Name").empty());
    }
    EXPECT_EQ(ids(found), ids(rows("SELECT * FROM Msvm_ComputerSystem")));
}

TEST_P(CimSessionContract, ConditionsSelectWhatWqlSays) {
    if (!open()) GTEST_SKIP();
    const auto off = vm(3), running = vm(2);
    const std::string name = off.text_or("ElementName", ""), guid = off.text_or("Name", ""),
                      other = running.text_or("Name", "");
    using namespace cim::wql;
    const std::vector<Condition> conditions = {
        where("Name", Compare::equal, guid),
        where("Name", Compare::equal, ascii_lower(guid)),
        where("ElementName", Compare::equal, name),
        where("Name", Compare::not_equal, guid),
        where("EnabledState", Compare::equal, std::uint64_t{2}),
        where("EnabledState", Compare::greater_equal, std::uint64_t{3}),
        where("EnabledState", Compare::less, std::uint64_t{3}),
        where("Name", Compare::like, "%" + guid.substr(9, 9) + "%"),
        where("Name", Compare::not_like, "%" + guid.substr(9, 9) + "%"),
        where("Name", Compare::like, "________-____-%"),
        where("Name", Compare::like, "[0-9A-F]%"),
        starts_with("Name", guid.substr(0, 8)),
        any_of({where("Name", Compare::equal, guid), where("Name", Compare::equal, other)}),
        all_of({where("Name", Compare::equal, guid), where("EnabledState", Compare::equal, std::uint64_t{2})}),
        all_of({any_of({where("Name", Compare::equal, guid), where("Name", Compare::equal, other)}),
                where("EnabledState", Compare::equal, std::uint64_t{2})}),
        is_null("OtherEnabledState"),
        where("ElementName", Compare::equal, "nobody's \\ name"),
        all_of({}),
        any_of({}),
    };
    const auto all_rows = rows("SELECT * FROM Msvm_ComputerSystem");
    for (const Condition& condition : conditions) {
        Select select;
        select.from = "Msvm_ComputerSystem";
        select.condition = condition;
        Rows expected;
        for (const auto& row : all_rows)
            if (*matches(condition, row)) expected.push_back(row);
        EXPECT_EQ(ids(rows(Query(select).text())), ids(expected)) << Query(select).text();
    }
    EXPECT_EQ(rows("SELECT * FROM Msvm_ComputerSystem WHERE Name = '" + guid + "'").size(), 1u);
}

TEST_P(CimSessionContract, ABaseClassStandsForAllThatDeriveFromIt) {
    if (!open()) GTEST_SKIP();
    std::set<std::string> classes;
    for (const auto& row : rows("SELECT * FROM CIM_ComputerSystem"))
        classes.insert(row.class_name());
    EXPECT_TRUE(classes.contains("Msvm_ComputerSystem"));
    EXPECT_TRUE(classes.contains("Msvm_PartitionableGpu"));
    for (const auto& row :
         rows("SELECT * FROM CIM_ResourceAllocationSettingData WHERE __CLASS = 'Msvm_MemorySettingData'"))
        EXPECT_EQ(row.class_name(), "Msvm_MemorySettingData");
}

TEST_P(CimSessionContract, RefusesUnknownNamesWithTheProvidersCodes) {
    if (!open()) GTEST_SKIP();
    expect_refused(query("SELECT * FROM Msvm_ComputerSystem", "root\\NoSuchNamespace"), {"cim.invalid_namespace"},
                   0x8004100E);
    expect_refused(query("SELECT * FROM Msvm_NoSuchClass"), {"cim.invalid_class"}, 0x80041010);
    expect_refused(query("SELECT * FROM Win32_OperatingSystem"), {"cim.invalid_class"}, 0x80041010);
    expect_refused(query("SELECT NoSuchProperty FROM Msvm_ComputerSystem"), {"cim.bad_query", "cim.unknown_property"},
                   0x80041017);
    expect_refused(query("SELECT * FROM Msvm_ComputerSystem WHERE NoSuchProperty = 1"),
                   {"cim.bad_query", "cim.unknown_property"}, 0x80041017);
    expect_refused(query("SELECT * FROM Msvm_ComputerSystem WHERE Name = 'x' AND NoSuchProperty = 1"),
                   {"cim.bad_query", "cim.unknown_property"}, 0x80041017);

    auto path = *vm(3).path();
    path.class_name = "Msvm_NoSuchClass";
    expect_refused(session().get(path, soon()), {"cim.invalid_class"}, 0x80041010);
    path = *vm(3).path();
    path.name_space = "root\\NoSuchNamespace";
    expect_refused(session().get(path, soon()), {"cim.invalid_namespace"}, 0x8004100E);
}

TEST_P(CimSessionContract, AnObjectThatIsNotThereIsNotFound) {
    if (!open()) GTEST_SKIP();
    auto path = *vm(3).path();
    for (auto& [name, value] : path.keys)
        if (name == "Name") value = "00000000-0000-0000-0000-000000000001";
    expect_refused(session().get(path, soon()), {"cim.not_found"}, 0x80041002);
    EXPECT_TRUE(rows("SELECT * FROM Msvm_ComputerSystem WHERE Name = '00000000-0000-0000-0000-000000000001'").empty());
}

TEST_P(CimSessionContract, OtherNamespacesAnswerToo) {
    if (!open()) GTEST_SKIP();
    const auto systems = rows("SELECT * FROM Win32_OperatingSystem", host::kCimv2);
    ASSERT_EQ(systems.size(), 1u);
    EXPECT_TRUE(parse_u64(systems[0].text_or("BuildNumber", "")));
    EXPECT_TRUE(systems[0].uint("ProductType"));
}

} // namespace
} // namespace exhyperv::contract

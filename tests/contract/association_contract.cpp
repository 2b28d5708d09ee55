#include "cim_session_contract.h"
#include "support/strings.h"

#include <set>

namespace exhyperv::contract {
namespace {

using cim::wql::Related;

TEST_P(CimSessionContract, AMachineLeadsToItsOwnRealizedSettings) {
    if (!open()) GTEST_SKIP();
    for (const std::uint16_t state : {2, 3}) {
        const auto machine = vm(state);
        const auto settings = settings_of(machine);
        EXPECT_TRUE(iequals(settings.text_or("VirtualSystemIdentifier", ""), machine.text_or("Name", "?")));
        EXPECT_EQ(settings.text("VirtualSystemType"), "Microsoft:Hyper-V:System:Realized");
    }
}

TEST_P(CimSessionContract, SettingsLeadToTheirResourcesFilteredByClass) {
    if (!open()) GTEST_SKIP();
    Related wanted;
    wanted.object = *settings_of(vm(3)).path();
    wanted.assoc_class = "Msvm_VirtualSystemSettingDataComponent";
    std::set<std::string> classes;
    for (const auto& row : related(wanted))
        classes.insert(row.class_name());
    EXPECT_TRUE(classes.contains("Msvm_MemorySettingData"));
    EXPECT_TRUE(classes.contains("Msvm_ProcessorSettingData"));

    wanted.result_class = "Msvm_MemorySettingData";
    const auto memory = related(wanted);
    ASSERT_EQ(memory.size(), 1u);
    EXPECT_TRUE(istarts_with(memory[0].text_or("InstanceID", ""), "Microsoft:" + key_of(vm(3), "Name")));
    wanted.result_class = "CIM_LogicalDevice";
    EXPECT_TRUE(related(wanted).empty()) << "settings are no devices";
}

TEST_P(CimSessionContract, ABaseAssociationClassMeansAllThatDeriveFromIt) {
    if (!open()) GTEST_SKIP();
    Related wanted;
    wanted.object = *vm(3).path();
    wanted.assoc_class = "CIM_SettingsDefineState";
    wanted.result_class = "CIM_VirtualSystemSettingData";
    const auto found = related(wanted);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].class_name(), "Msvm_VirtualSystemSettingData");
}

TEST_P(CimSessionContract, RolesTellTheEndsApart) {
    if (!open()) GTEST_SKIP();
    Related wanted;
    wanted.object = *vm(3).path();
    wanted.assoc_class = "Msvm_SettingsDefineState";
    wanted.role = "ManagedElement";
    EXPECT_EQ(related(wanted).size(), 1u);
    wanted.result_role = "SettingData";
    EXPECT_EQ(related(wanted).size(), 1u);
    wanted.role = "SettingData";
    EXPECT_TRUE(related(wanted).empty());
}

TEST_P(CimSessionContract, ReferencesAreTheAssociationsThemselves) {
    if (!open()) GTEST_SKIP();
    Related wanted;
    wanted.object = *vm(3).path();
    wanted.references = true;
    wanted.result_class = "Msvm_SettingsDefineState";
    const auto found = related(wanted);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].class_name(), "Msvm_SettingsDefineState");
    const auto machine = cim::ObjectPath::parse(found[0].text_or("ManagedElement", ""));
    const auto settings = cim::ObjectPath::parse(found[0].text_or("SettingData", ""));
    ASSERT_TRUE(machine && settings);
    EXPECT_TRUE(machine->same_object(*vm(3).path()));
    EXPECT_TRUE(settings->same_object(*settings_of(vm(3)).path()));
}

TEST_P(CimSessionContract, RefusesUnknownNamesInAssociationQueries) {
    if (!open()) GTEST_SKIP();
    Related wanted;
    wanted.object = *vm(3).path();
    wanted.assoc_class = "Msvm_NoSuchAssociation";
    expect_refused(session().query(host::kVirtualization, wanted, soon()), {"cim.invalid_class"}, 0x80041010);
    wanted.assoc_class.clear();
    wanted.result_class = "Msvm_NoSuchClass";
    expect_refused(session().query(host::kVirtualization, wanted, soon()), {"cim.invalid_class"}, 0x80041010);
    wanted.result_class.clear();
    for (auto& [name, value] : wanted.object.keys)
        if (name == "Name") value = "00000000-0000-0000-0000-000000000001";
    expect_refused(session().query(host::kVirtualization, wanted, soon()), {"cim.not_found"}, 0x80041002);
}

} // namespace
} // namespace exhyperv::contract

#include "assign/device/display_advice.h"
#include "simulated.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

/// A server with one function, described by the fields given.
DeviceInventory with_device(const std::string& fields, const std::string& more = {}) {
    const auto text = fmt::format(R"j({{"host": {{"name": "H", "product": "server", "build": 26100}},
        "devices": [{{"id": "d", "pci": "VEN_1AF4&DEV_1041&SUBSYS_0&REV_1", "instance": "4&1&0&8", "name": "A device",
        "class": "ComputeAccelerator", "location": "PCIROOT(0)#PCI(0100)#PCI(0000)", "bus": 1{}}}{}]}})j",
                                  fields, more);
    const auto host = simulated("file.json", text);
    return must(list_device_inventory(*host, in_time()));
}

struct Wanted {
    const char* fields;
    const char* id;
    const char* finding;
    Assignability verdict;
};

class SurveyOnHost : public ::testing::TestWithParam<Wanted> {};

TEST_P(SurveyOnHost, Says) {
    const auto inventory = with_device(GetParam().fields);
    const auto& device = entry(inventory, "A device");
    EXPECT_EQ(finding(device, GetParam().id), GetParam().finding);
    EXPECT_EQ(device.verdict, GetParam().verdict);
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, SurveyOnHost,
    ::testing::Values(
        Wanted{R"(, "memory": [{"mib": 1}])", "device.memory", "pass size", Assignability::yes},
        Wanted{"", "device.memory", "pass none", Assignability::yes},
        Wanted{R"(, "reserved_memory": true)", "device.reserved_memory", "fail reserved", Assignability::no},
        Wanted{R"(, "reserved_memory": null)", "device.reserved_memory", "unknown unknown", Assignability::unknown},
        Wanted{R"(, "acs": 0)", "device.acs", "fail missing", Assignability::no},
        Wanted{R"(, "acs": 1)", "device.acs", "pass supported", Assignability::yes},
        Wanted{R"(, "acs": 2)", "device.acs", "pass supported", Assignability::yes},
        Wanted{R"(, "acs": 4)", "device.acs", "pass supported", Assignability::yes},
        Wanted{R"(, "device_type": 0)", "device.type", "fail conventional", Assignability::no},
        Wanted{R"(, "device_type": 1)", "device.type", "fail conventional", Assignability::no},
        Wanted{R"(, "device_type": 3)", "device.type", "fail legacy", Assignability::no},
        Wanted{R"(, "device_type": 3, "base_class": 3)", "device.type", "pass legacy_display", Assignability::no},
        Wanted{R"(, "device_type": 4)", "device.type", "warn integrated", Assignability::warning},
        Wanted{R"(, "pcie_control": false)", "device.type", "fail firmware", Assignability::no},
        Wanted{R"(, "device_type": 8)", "device.type", "fail bridge", Assignability::no},
        Wanted{R"(, "device_type": 14)", "device.type", "fail bridge", Assignability::no},
        Wanted{R"(, "interrupts": "line")", "device.interrupts", "fail line", Assignability::no},
        Wanted{R"(, "interrupts": "both")", "device.interrupts", "pass message", Assignability::yes},
        Wanted{R"(, "interrupts": "none")", "device.interrupts", "pass none", Assignability::yes},
        Wanted{R"(, "state": "disabled")", "device.enabled", "unknown disabled", Assignability::unknown},
        Wanted{R"(, "state": "disabled", "interrupts": "line")", "device.interrupts", "fail line", Assignability::no},
        Wanted{R"(, "survey_unknown": true)", "device.type", "unknown unknown", Assignability::unknown},
        Wanted{R"(, "problem": 43)", "device.problem", "warn problem", Assignability::warning},
        Wanted{R"(, "state": "dismounted")", "device.place", "pass dismounted", Assignability::yes},
        Wanted{R"(, "was_dismounted": true)", "device.place", "–", Assignability::yes},
        Wanted{R"(, "base_class": 3)", "device.last_display", "fail last", Assignability::no}));

TEST(SurveyOnHost, FunctionUnderAnAssignableOneNamesIt) {
    const auto inventory =
        with_device("", R"j(, {"id": "e", "pci": "VEN_1AF4&DEV_1042&SUBSYS_0&REV_1", "instance": "5&1&0&8",
            "name": "A part of it", "class": "Net", "location": "PCIROOT(0)#PCI(0100)#PCI(0000)#PCI(0000)", "bus": 2,
            "acs": 0, "parent": "PCI\\VEN_1AF4&DEV_1041&SUBSYS_0&REV_1\\4&1&0&8"})j");
    EXPECT_EQ(entry(inventory, "A part of it").pass_instead, entry(inventory, "A device").device.pure_id);
    EXPECT_EQ(entry(inventory, "A device").pass_instead, "");
}

TEST(SurveyOnHost, ThreeFunctionsOfASlotAreCompanions) {
    std::string more;
    for (const int function : {1, 3})
        more += fmt::format(R"j(, {{"id": "f{0}", "pci": "VEN_1AF4&DEV_105{0}&SUBSYS_0&REV_1", "class": "USB", "bus": 1,
            "instance": "4&1&0&{0}08", "name": "Function {0}", "location": "PCIROOT(0)#PCI(0100)#PCI(000{0})"}})j",
                            function);
    const auto inventory = with_device("", more);
    EXPECT_EQ(entry(inventory, "A device").companions.size(), 2u);
    EXPECT_EQ(entry(inventory, "Function 3").companions.size(), 2u);
}

TEST(SurveyOnHost, CardWithoutResetIsPossibleWithCare) {
    const auto inventory = with_device("", R"j(, {"id": "dg1", "pci": "VEN_8086&DEV_4905&SUBSYS_0&REV_1", "bus": 2,
        "instance": "4&2&0&8", "name": "Intel Iris Xe MAX", "class": "Display",
        "location": "PCIROOT(0)#PCI(0200)#PCI(0000)"}, {"id": "igd", "pci": "VEN_8086&DEV_A780&SUBSYS_0&REV_1",
        "instance": "3&1", "name": "UHD", "class": "Display", "location": "PCIROOT(0)#PCI(0300)", "bus": 0})j");
    const auto& card = entry(inventory, "Iris Xe MAX");
    EXPECT_EQ(card.verdict, Assignability::warning);
    EXPECT_EQ(finding(card, "device.reset"), "warn none");
    ASSERT_TRUE(card.compatibility);
    EXPECT_EQ(card.compatibility->card, "Intel DG1");
}

TEST(SurveyOnHost, AdviceFindsTheAdapterOfTheServer) {
    const auto host = simulated("server2025");
    const auto advice = must(advise_display(*host, "render", in_time()));
    ASSERT_EQ(advice.adapters.size(), 2u);
    EXPECT_EQ(advice.adapters[0].verdict, Assignability::yes)
        << "the add-in card comes before the chipset's controller";
    EXPECT_TRUE(advice.adapters[0].controller.starts_with("VEN_1912"));
    EXPECT_EQ(advise_display(*host, "no such VM", in_time()).error().code, "vm.not_found");
}

} // namespace
} // namespace exhyperv::assign

#include "assign/device/survey.h"
#include "sample.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::assign {
namespace {

using model::PlaceKind;

const Check* named(const std::vector<Check>& checks, std::string_view id) {
    const auto found = std::find_if(checks.begin(), checks.end(), [&](const Check& check) { return check.id == id; });
    return found == checks.end() ? nullptr : &*found;
}

/// What the survey says of one question.
std::string finding(const DeviceEntry& entry, std::string_view id, const SurveyContext& context = {}) {
    auto checks = check_assignable(entry, context);
    auto more = check_consequences(entry, context);
    checks.insert(checks.end(), more.begin(), more.end());
    const Check* check = named(checks, id);
    return check ? std::string(verdict_name(check->verdict)) + " " +
                       check->evidence.key.substr(check->evidence.key.rfind('.') + 1)
                 : "–";
}

std::string argument(const DeviceEntry& entry, std::string_view id) {
    const auto checks = check_assignable(entry, {});
    const Check* check = named(checks, id);
    return check && !check->evidence.args.empty() ? check->evidence.args.front().second : "";
}

TEST(Survey, PassesAnExpressEndpointThatAnswersEveryQuestion) {
    const auto checks = check_assignable(sample_entry(), {});
    EXPECT_EQ(assignability_of(checks), Assignability::yes);
    for (const auto& check : checks)
        EXPECT_EQ(check.verdict, Verdict::pass) << check.id;
    EXPECT_EQ(checks.size(), 5u);
}

TEST(Survey, RefusesReservedMemoryAndTakesAMissingAnswerForUnknown) {
    auto entry = sample_entry();
    entry.capabilities.reserved_memory = true;
    EXPECT_EQ(finding(entry, "device.reserved_memory"), "fail reserved");
    entry.capabilities.reserved_memory.reset();
    EXPECT_EQ(finding(entry, "device.reserved_memory"), "unknown unknown");
    EXPECT_EQ(assignability_of(check_assignable(entry, {})), Assignability::unknown);
}

TEST(Survey, NamesEveryValueOfTheAcsHierarchy) {
    const std::pair<std::uint32_t, const char*> values[] = {{0, "0 NotSupported"},   {1, "1 SingleFunctionSupported"},
                                                            {2, "2 NoP2PSupported"}, {3, "3 Supported"},
                                                            {4, "4 Enhanced"},       {9, "9"}};
    for (const auto& [value, text] : values) {
        auto entry = sample_entry();
        entry.capabilities.acs_up_hierarchy = value;
        EXPECT_EQ(finding(entry, "device.acs"), value == 0 ? "fail missing" : "pass supported");
        EXPECT_EQ(argument(entry, "device.acs"), text);
    }
}

TEST(Survey, JudgesEveryDeviceType) {
    struct {
        std::uint32_t type;
        bool display;
        const char* says;
    } const cases[] = {{0, true, "fail conventional"},   {1, true, "fail conventional"}, {2, false, "pass endpoint"},
                       {3, true, "pass legacy_display"}, {3, false, "fail legacy"},      {4, false, "warn integrated"},
                       {5, true, "fail firmware"},       {6, false, "fail bridge"},      {7, false, "fail bridge"},
                       {8, false, "fail bridge"},        {9, false, "fail bridge"},      {10, false, "fail bridge"},
                       {11, false, "fail bridge"},       {12, false, "fail bridge"},     {13, false, "fail firmware"},
                       {14, false, "fail bridge"},       {15, true, "fail strange"}};
    for (const auto& one : cases) {
        auto entry = sample_entry();
        entry.capabilities.device_type = one.type;
        entry.is_display = one.display;
        EXPECT_EQ(finding(entry, "device.type"), one.says) << one.type;
        EXPECT_EQ(argument(entry, "device.type").starts_with(std::to_string(one.type)), true);
    }
    auto entry = sample_entry();
    entry.capabilities.device_type.reset();
    EXPECT_EQ(finding(entry, "device.type"), "unknown unknown");
}

TEST(Survey, AcceptsMessagesOrNoInterruptAndNothingElse) {
    auto entry = sample_entry();
    EXPECT_EQ(finding(entry, "device.interrupts"), "pass message");
    entry.capabilities.line_interrupts = 1;
    EXPECT_EQ(finding(entry, "device.interrupts"), "pass message") << "one message is enough";
    entry.capabilities.message_interrupts = 0;
    EXPECT_EQ(finding(entry, "device.interrupts"), "fail line");
    entry.capabilities.line_interrupts = 0;
    EXPECT_EQ(finding(entry, "device.interrupts"), "pass none");
}

TEST(Survey, AsksWhatADisabledDeviceCouldDo) {
    auto entry = sample_entry();
    entry.device.place.kind = PlaceKind::host_disabled;
    entry.device.problem = pci::kProblemDisabled;
    entry.capabilities.resources_known = false;
    entry.capabilities.message_interrupts = 0;
    EXPECT_EQ(finding(entry, "device.interrupts"), "pass capable");
    EXPECT_EQ(finding(entry, "device.enabled"), "unknown disabled");
    EXPECT_EQ(finding(entry, "device.memory"), "–");
    EXPECT_EQ(finding(entry, "device.problem"), "–") << "22 is not a fault";
    entry.capabilities.interrupt_support = pci::kInterruptLine;
    EXPECT_EQ(finding(entry, "device.interrupts"), "fail line");
    entry.capabilities.interrupt_support.reset();
    EXPECT_EQ(finding(entry, "device.interrupts"), "unknown unknown");
    EXPECT_EQ(assignability_of(check_assignable(entry, {})), Assignability::unknown);
}

TEST(Survey, CountsMemoryAndDoubtsPortsAlone) {
    auto entry = sample_entry();
    EXPECT_EQ(finding(entry, "device.memory"), "pass size");
    entry.device.bars.clear();
    EXPECT_EQ(finding(entry, "device.memory"), "pass none");
    entry.capabilities.bar_types = 2; // two I/O ranges
    EXPECT_EQ(finding(entry, "device.memory"), "warn ports_only");
    EXPECT_EQ(assignability_of(check_assignable(entry, {})), Assignability::warning);
    entry.capabilities.resources_known = false;
    EXPECT_EQ(finding(entry, "device.memory"), "unknown unknown");
}

TEST(Survey, TellsAFaultyDeviceFromADisabledOne) {
    auto entry = sample_entry();
    entry.device.problem = 43;
    EXPECT_EQ(finding(entry, "device.problem"), "warn problem");
}

TEST(Survey, TakesBeingAwayAsTheAnswer) {
    auto entry = sample_entry();
    entry.capabilities = {}; // phantoms tell nothing
    entry.device.express_path = "\\\\HOST\\root\\virtualization\\v2:Msvm_PciExpress.DeviceID=\"x\"";
    entry.device.place.kind = PlaceKind::dismounted;
    EXPECT_EQ(finding(entry, "device.place"), "pass dismounted");
    EXPECT_EQ(assignability_of(check_assignable(entry, {})), Assignability::yes);
    entry.device.place.kind = PlaceKind::vm;
    EXPECT_EQ(finding(entry, "device.place"), "pass vm");
    entry.device.place.kind = PlaceKind::dismounted;
    entry.device.express_path.clear();
    EXPECT_EQ(finding(entry, "device.place"), "warn not_registered");
}

TEST(Survey, SaysWhereACardWentThatAVmStillNames) {
    auto entry = sample_entry();
    entry.device.place.kind = PlaceKind::stale_reference;
    EXPECT_EQ(finding(entry, "device.present", {.vm_name = "win11"}), "fail gone");
    EXPECT_EQ(finding(entry, "device.present", {.same_card_elsewhere = "PCI\\VEN_1"}), "fail moved");
    EXPECT_EQ(finding(entry, "device.type"), "–") << "nothing else is asked of what is not there";
}

TEST(Consequences, OfTheLastDisplayAndOfPartitions) {
    auto entry = sample_entry();
    EXPECT_EQ(finding(entry, "device.last_display"), "–");
    entry.is_last_display = true;
    EXPECT_EQ(finding(entry, "device.last_display"), "fail last");
    entry.gpu_partitions = 2;
    EXPECT_EQ(finding(entry, "device.gpu_partitions"), "fail in_use");
    entry.device.place.kind = PlaceKind::vm;
    EXPECT_EQ(finding(entry, "device.last_display"), "–") << "it is away already";
}

TEST(Consequences, OfDisks) {
    auto entry = sample_entry();
    entry.children = {sample_child(ChildKind::disk, "data"), sample_child(ChildKind::disk, "other")};
    EXPECT_EQ(finding(entry, "device.disks"), "warn data");
    for (bool DeviceChild::*role : {&DeviceChild::system, &DeviceChild::boot, &DeviceChild::paging}) {
        auto with_windows = entry;
        with_windows.children[1].*role = true;
        EXPECT_EQ(finding(with_windows, "device.disks"), "fail system");
    }
}

TEST(Consequences, OfTheConnection) {
    auto entry = sample_entry();
    EXPECT_EQ(finding(entry, "device.connection"), "–");
    entry.carries_connection_in_use = false;
    EXPECT_EQ(finding(entry, "device.connection"), "pass unused");
    entry.carries_connection_in_use = true;
    EXPECT_EQ(finding(entry, "device.connection", {.on_gateway = true}), "warn gateway");
    EXPECT_EQ(finding(entry, "device.connection", {.on_switch = true}), "warn switch");
    EXPECT_EQ(finding(entry, "device.connection"), "warn address");
}

TEST(Consequences, OfInputResetAndLeftoverReferences) {
    auto entry = sample_entry();
    EXPECT_EQ(finding(entry, "device.input"), "–");
    entry.children = {sample_child(ChildKind::hub, "hub"), sample_child(ChildKind::mouse, "mouse")};
    EXPECT_EQ(finding(entry, "device.input"), "warn input");
    entry.capabilities.function_level_reset = true;
    EXPECT_EQ(finding(entry, "device.reset"), "–");
    entry.capabilities.function_level_reset = false;
    EXPECT_EQ(finding(entry, "device.reset"), "warn none");
    EXPECT_EQ(finding(entry, "device.reference", {.referenced = true}), "warn stale");
}

TEST(DeviceHost, NeedsAServerAndAnIommu) {
    model::HostFacts facts;
    facts.os_name = "Microsoft Windows 11 Pro";
    auto checks = check_device_host(facts);
    EXPECT_EQ(named(checks, "device.host.edition")->verdict, Verdict::fail);
    EXPECT_EQ(named(checks, "device.host.iommu")->verdict, Verdict::unknown);
    facts.product_type = model::ProductType::domain_controller;
    facts.iov_support = true;
    checks = check_device_host(facts);
    EXPECT_EQ(named(checks, "device.host.edition")->verdict, Verdict::pass) << "a domain controller is a server";
    EXPECT_EQ(named(checks, "device.host.iommu")->verdict, Verdict::pass);
    facts.iov_support = false;
    facts.iov_reasons = {"No VT-d."};
    EXPECT_EQ(named(check_device_host(facts), "device.host.iommu")->verdict, Verdict::fail);
}

TEST(Assignability, IsDecidedByTheWorstAnswer) {
    const auto check = [](Verdict verdict) {
        Check out;
        out.verdict = verdict;
        return out;
    };
    EXPECT_EQ(assignability_of({}), Assignability::yes);
    EXPECT_EQ(assignability_of({check(Verdict::warn), check(Verdict::pass)}), Assignability::warning);
    EXPECT_EQ(assignability_of({check(Verdict::warn), check(Verdict::unknown)}), Assignability::unknown);
    EXPECT_EQ(assignability_of({check(Verdict::unknown), check(Verdict::fail)}), Assignability::no);
}

} // namespace
} // namespace exhyperv::assign

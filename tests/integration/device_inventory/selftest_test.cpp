#include "assign/selftest/selftest.h"
#include "host/faulty_host.h"
#include "simulated.h"
#include "support/strings.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::assign {
namespace {

const Check* find(const SelfTest& result, std::string_view id) {
    const auto at = std::find_if(result.checks.begin(), result.checks.end(), [&](const auto& c) { return c.id == id; });
    return at == result.checks.end() ? nullptr : &*at;
}

std::string verdict(const SelfTest& result, std::string_view id) {
    const auto* check = find(result, id);
    return check ? std::string(verdict_name(check->verdict)) : "–";
}

bool observed(const SelfTest& result, std::string_view part) {
    return std::any_of(result.observations.begin(), result.observations.end(),
                       [&](const auto& line) { return icontains(line, part); });
}

SelfTest run_with_faults(const std::string& scenario, const std::string& faults) {
    const auto inner = simulated(scenario);
    const auto script = must(host::FaultScript::parse(R"({"faults": [)" + faults + "]}"));
    host::FaultyHost host(*inner, script);
    return run_selftest(host, in_time());
}

TEST(SelfTestTest, finds_every_answer_of_a_server_as_expected) {
    const auto host = simulated("server2025");
    const auto result = run_selftest(*host, in_time());
    EXPECT_EQ(result.checks.size(), 12u);
    for (const auto* id : {"selftest.host", "selftest.rights", "selftest.classes", "selftest.templates",
                           "selftest.devices", "selftest.disks", "selftest.verdicts"})
        EXPECT_EQ(verdict(result, id), "pass") << id;
}

TEST(SelfTestTest, names_no_vm_and_no_computer) {
    const auto host = simulated("workstation");
    const auto result = run_selftest(*host, in_time());
    EXPECT_FALSE(observed(result, "STUDIO"));
    EXPECT_FALSE(observed(result, "win11"));
}

TEST(SelfTestTest, goes_on_when_a_class_does_not_answer) {
    const auto result = run_with_faults(
        "workstation",
        R"({"call": "query", "class": "Msvm_PciExpress", "times": 100, "error": {"code": "cim.access_denied"}})");
    EXPECT_EQ(verdict(result, "selftest.classes"), "fail");
    const auto& args = find(result, "selftest.classes")->evidence.args;
    EXPECT_NE(std::find(args.begin(), args.end(), std::pair<std::string, std::string>("failed", "Msvm_PciExpress")),
              args.end());
    EXPECT_TRUE(result.failed());
    EXPECT_EQ(verdict(result, "selftest.disks"), "pass");
    EXPECT_TRUE(observed(result, "Msvm_PciExpress: cim.access_denied"));
}

TEST(SelfTestTest, knows_which_classes_an_old_build_lacks) {
    const auto host = simulated("laptop");
    const auto result = run_selftest(*host, in_time());
    EXPECT_NE(verdict(result, "selftest.classes"), "fail");
}

TEST(SelfTestTest, reports_devices_that_cannot_be_listed) {
    const auto result = run_with_faults(
        "workstation", R"({"call": "devices.list", "times": 100, "error": {"code": "device.access_denied"}})");
    EXPECT_EQ(verdict(result, "selftest.devices"), "fail");
    EXPECT_EQ(verdict(result, "selftest.agreement"), "fail");
    EXPECT_EQ(find(result, "selftest.devices")->evidence.key, "error.device.access_denied.title");
}

TEST(SelfTestTest, stops_when_cancelled_and_says_so) {
    const auto host = simulated("workstation");
    auto context = in_time();
    context.cancel.cancel();
    const auto result = run_selftest(*host, context);
    ASSERT_EQ(result.checks.size(), 1u);
    EXPECT_EQ(result.checks.front().evidence.key, "error.call.cancelled.title");
    EXPECT_TRUE(result.failed());
}

} // namespace
} // namespace exhyperv::assign

#include "host/fault_script.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

namespace exhyperv::host {
namespace {

using namespace std::chrono_literals;

constexpr FaultCall kAdd{"invoke", "Msvm_VirtualSystemManagementService", "AddResourceSettings", "Msvm_V.Name=\"x\""};
constexpr FaultCall kRead{"query", "Msvm_ComputerSystem", {}, "SELECT * FROM Msvm_ComputerSystem"};

FaultScript script(const std::string& rules) {
    auto parsed = FaultScript::parse("{\"faults\": [" + rules + "]}");
    EXPECT_TRUE(parsed) << describe(parsed.error());
    return std::move(*parsed);
}

TEST(FaultScript, HitsTheNthMatchingCallAsOftenAsAsked) {
    const auto faults =
        script(R"({"call": "invoke", "method": "addresourcesettings", "nth": 2, "times": 2, "return_value": 32773})");
    EXPECT_FALSE(faults.next(kRead));
    EXPECT_FALSE(faults.next(kAdd));
    for (int i = 0; i < 2; ++i) {
        const auto action = faults.next(kAdd);
        ASSERT_TRUE(action);
        EXPECT_EQ(action->return_value, 32773u);
    }
    EXPECT_FALSE(faults.next(kAdd));
}

TEST(FaultScript, MatchesByEveryFieldGiven) {
    const auto matches = [](const std::string& fields, const FaultCall& call) {
        return script("{" + fields + R"(, "lost": "before"})").next(call).has_value();
    };
    EXPECT_TRUE(matches(R"("class": "msvm_computersystem")", kRead));
    EXPECT_FALSE(matches(R"("class": "Msvm_Computer")", kRead));
    EXPECT_TRUE(matches(R"("target_contains": "NAME=\"X")", kAdd));
    EXPECT_FALSE(matches(R"("target_contains": "y")", kAdd));
    EXPECT_FALSE(matches(R"("call": "get", "class": "Msvm_ComputerSystem")", kRead));
    EXPECT_TRUE(matches(R"("nth": 1)", kRead)) << "a rule without a filter matches any call";
}

TEST(FaultScript, TheFirstRuleWinsAndEachCounts) {
    const auto faults =
        script(R"({"call": "query", "nth": 2, "delay_ms": 5}, {"call": "query", "nth": 2, "lost": "after"})");
    EXPECT_FALSE(faults.next(kRead));
    const auto action = faults.next(kRead);
    ASSERT_TRUE(action);
    EXPECT_EQ(action->delay, 5ms);
    EXPECT_EQ(action->lost, FaultMoment::never);
    EXPECT_EQ(faults.seen(), (std::vector<std::uint32_t>{2, 2}));
}

TEST(FaultScript, KeepsCountingInAnotherProcess) {
    const std::string rules = R"({"call": "query", "nth": 3, "kill": "after"})";
    const auto first = script(rules), second = script(rules);
    EXPECT_FALSE(first.next(kRead));
    EXPECT_FALSE(first.next(kRead));
    second.set_seen(first.seen());
    EXPECT_EQ(second.next(kRead)->kill, FaultMoment::after);
    second.set_seen({});
    second.set_seen({1, 2, 3});
    EXPECT_EQ(second.seen(), std::vector<std::uint32_t>{1});
}

TEST(FaultScript, ReadsErrorsByCodeAndByNumber) {
    const auto error = [](const std::string& body) { return *script(R"({"error": )" + body + "}").next(kRead)->error; };
    EXPECT_EQ(error(R"({"code": "cim.access_denied"})").native, (NativeCode{NativeKind::hresult, 0x80041003}));
    EXPECT_EQ(error(R"({"hresult": "0x80041010"})").code, "cim.invalid_class");
    EXPECT_EQ(error(R"({"hresult": "0x80041010", "text": "无效类"})").provider_text, "无效类");
    const auto own = error(R"({"code": "device.not_disableable", "text": "no"})");
    EXPECT_EQ(own.code, "device.not_disableable");
    EXPECT_EQ(own.native, NativeCode{});
}

TEST(FaultScript, ReadsJobFaults) {
    const auto action =
        script(
            R"({"method": "AddResourceSettings", "job": {"error_code": 32773, "state": 9, "percent": 10, "text": "t"}})")
            .next(kAdd);
    ASSERT_TRUE(action && action->job);
    EXPECT_EQ(action->job->error_code, 32773u);
    EXPECT_EQ(action->job->state, 9u);
    EXPECT_EQ(action->job->percent, 10u);
    EXPECT_EQ(action->job->text, "t");
}

TEST(FaultScript, RefusesWhatItDoesNotUnderstandAndNamesThePlace) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "/"},
        {"[]", "/"},
        {"{}", "faults"},
        {R"({"faults": {}})", "faults"},
        {R"({"faults": [], "other": 1})", "other"},
        {R"({"faults": [1]})", "faults[0]"},
        {R"({"faults": [{"call": "query"}]})", "faults[0]"},
        {R"({"faults": [{"delay_ms": 1}, {"nth": 0, "delay_ms": 1}]})", "faults[1].nth"},
        {R"({"faults": [{"delay_ms": -1}]})", "faults[0].delay_ms"},
        {R"({"faults": [{"delay_ms": "1"}]})", "faults[0].delay_ms"},
        {R"({"faults": [{"lost": "sometimes"}]})", "faults[0].lost"},
        {R"({"faults": [{"lost": "before", "metod": "x"}]})", "faults[0].metod"},
        {R"({"faults": [{"error": {}}]})", "faults[0].error"},
        {R"({"faults": [{"error": {"hresult": "abc"}}]})", "faults[0].error.hresult"},
        {R"({"faults": [{"job": {"state": 7}}]})", "faults[0].job.state"},
        {R"({"faults": [{"return_value": 4294967296}]})", "faults[0].return_value"},
    };
    for (const auto& [text, place] : cases) {
        const auto parsed = FaultScript::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, "host.bad_fault_script") << text;
        EXPECT_EQ(*parsed.error().arg("place"), place) << text;
    }
    EXPECT_FALSE(FaultScript::parse("{\"faults\": " + std::string(100000, '[')));
    EXPECT_FALSE(FaultScript::parse(std::string(2 << 20, ' ')));
}

TEST(FaultScript, TheSchemaDescribesWhatIsRead) {
    std::ifstream file(std::string(EXHYPERV_SCHEMA_DIR) + "/fault-script.schema.json");
    const auto schema = nlohmann::json::parse(file);
    const auto& rule = schema["$defs"]["rule"]["properties"];
    // Every member the schema names is understood: a rule with it fails neither as unknown nor silently.
    const std::set<std::string> filters = {"call", "class", "method", "target_contains", "nth", "times"};
    const nlohmann::json samples = {{"call", "query"},   {"class", "X"},
                                    {"method", "Y"},     {"target_contains", "z"},
                                    {"nth", 1},          {"times", 1},
                                    {"delay_ms", 1},     {"lost", "after"},
                                    {"kill", "before"},  {"error", {{"code", "a.b"}}},
                                    {"return_value", 1}, {"job", nlohmann::json::object()}};
    EXPECT_EQ(rule.size(), samples.size());
    for (const auto& [name, description] : rule.items()) {
        ASSERT_TRUE(samples.contains(name)) << name;
        nlohmann::json one = {{name, samples[name]}};
        if (filters.contains(name)) one["delay_ms"] = 1;
        EXPECT_TRUE(FaultScript::parse(nlohmann::json{{"faults", {one}}}.dump())) << name;
    }
}

} // namespace
} // namespace exhyperv::host

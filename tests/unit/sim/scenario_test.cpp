#include "sim_fixture.h"

#include "transport/sim/scenario/reader.h"
#include "transport/sim/scenario/scenario.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <set>

namespace exhyperv::sim::testing {

namespace {

struct BadCase {
    const char* name;
    const char* text;
    const char* line;
    const char* field;
};

class BadScenario : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadScenario, NamesLineAndField) {
    auto world = load_scenario(GetParam().text, "x.json", 0);
    ASSERT_FALSE(world);
    EXPECT_EQ(world.error().code, "sim.bad_scenario");
    EXPECT_EQ(*world.error().arg("line"), GetParam().line) << describe(world.error());
    EXPECT_EQ(*world.error().arg("field"), GetParam().field) << describe(world.error());
    EXPECT_EQ(*world.error().arg("file"), "x.json");
}

INSTANTIATE_TEST_SUITE_P(
    Sim, BadScenario,
    ::testing::Values(
        BadCase{"Syntax", "{\n  \"vms\": [,]\n}", "2", "/"}, BadCase{"Empty", "", "1", "/"},
        BadCase{"NoObject", "[]", "1", "/"},
        BadCase{"UnknownField", "{\n \"vms\": [\n  {\"name\": \"a\"},\n  {\"name\": \"b\",\n   \"colour\": 1}\n ]\n}",
                "5", "/vms/1/colour"},
        BadCase{"WrongChoice", "{\"vms\": [\n {\"name\": \"a\",\n  \"state\": \"runing\"}]}", "3", "/vms/0/state"},
        BadCase{"WrongType", "{\n\"host\": {\"name\": 7}}", "2", "/host/name"},
        BadCase{"OutOfRange", "{\n\n\"host\": {\"build\": 7600}}", "3", "/host/build"},
        BadCase{"Negative", "{\"host\": {\"processors\": -1}}", "1", "/host/processors"},
        BadCase{"Missing", "{\"vms\": [\n{\"state\": \"off\"}]}", "2", "/vms/0"},
        BadCase{"NotAList", "{\"vms\": {}}", "1", "/vms"},
        BadCase{"UnknownDriver",
                "{\"devices\": [{\"id\": \"a\", \"pci\": \"VEN_1\", \"instance\": \"1\", \"name\": \"n\", \"class\": "
                "\"Net\", \"location\": \"PCIROOT(0)#PCI(0100)\",\n\"driver\": \"none\"}]}",
                "2", "/devices/0/driver"},
        BadCase{"UnknownCard", "{\"vms\": [{\"name\": \"a\",\n\"gpus\": [\"none\"]}]}", "2", "/vms/0/gpus/0"},
        BadCase{"BadLocation",
                "{\"devices\": [{\"id\": \"a\", \"pci\": \"VEN_1\", \"instance\": \"1\", \"name\": \"n\", \"class\": "
                "\"Net\",\n \"location\": \"bus 1\"}]}",
                "2", "/devices/0/location"},
        BadCase{
            "ImageSpec",
            "{\"vms\": [{\"name\": \"a\", \"disks\": [{\"path\": \"D:\\\\a.vhdx\", \"image\": {\n\"build\": 0}}]}]}",
            "2", "/vms/0/disks/0/image/build"},
        BadCase{"PackageSpec", "{\"drivers\": [{\"id\": \"a\", \"package\": {\n\"vendor\": \"voodoo\"}}]}", "2",
                "/drivers/0/package/vendor"},
        BadCase{"Faults", "{\n\"faults\": [{\"method\": \"x\"}]}", "2", "/faults"},
        BadCase{"Twice", "{\"host\": {\"name\": \"A\",\n\"name\": \"B\"}}", "2", "/name"}),
    [](const auto& which) { return which.param.name; });

TEST(Scenarios, AllBuiltInOnesLoad) {
    for (const auto& info : scenarios()) {
        auto world = make_world(*parse_scenario_name(info.name), 1'780'000'000'000);
        ASSERT_TRUE(world) << info.name << ": " << describe(world.error());
        EXPECT_FALSE(world->vms.empty()) << info.name;
        EXPECT_FALSE(info.title.empty());
    }
}

TEST(Scenarios, AreTheSameEachTime) {
    auto name = *parse_scenario_name("workstation");
    auto a = make_world(name, 1), b = make_world(name, 1);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->vms.front().id, b->vms.front().id);
    EXPECT_EQ(a->registry.size(), b->registry.size());
}

TEST(Scenarios, TakeParameters) {
    auto world = make_world(*parse_scenario_name("large?vms=7&devices=9&build=20348"), 0);
    ASSERT_TRUE(world);
    EXPECT_EQ(world->vms.size(), 7u);
    EXPECT_EQ(world->functions.size(), 9u);
    EXPECT_EQ(world->host.build, 20348u);
    for (auto bad : {"large?vms", "large?vms=", "large?colour=1", "workstation?vms=3", "large?vms=1&vms=2"})
        EXPECT_EQ(parse_scenario_name(bad).error().code, "sim.bad_parameter") << bad;
    EXPECT_EQ(make_world(*parse_scenario_name("large?vms=many"), 0).error().code, "sim.bad_parameter");
    EXPECT_EQ(make_world(*parse_scenario_name("workstation?build=1"), 0).error().code, "sim.bad_parameter");
    Tuning tuning;
    EXPECT_EQ(apply_tuning(*parse_scenario_name("workstation?answers=maybe"), tuning).error().code,
              "sim.bad_parameter");
    EXPECT_TRUE(apply_tuning(*parse_scenario_name("workstation?answers=job&lag_ms=5"), tuning));
    EXPECT_EQ(tuning.lag_ms, 5u);
}

TEST(Scenarios, StateBelongsToNameAndWorldParametersOnly) {
    EXPECT_EQ(parse_scenario_name("workstation?answers=job")->id(), "workstation");
    EXPECT_EQ(parse_scenario_name("large?vms=5")->id(), "large-vms5");
    EXPECT_NE(parse_scenario_name("/a/host.json")->id(), parse_scenario_name("/b/host.json")->id());
}

TEST(Scenarios, UnknownNameListsTheKnownOnes) {
    auto world = make_world(*parse_scenario_name("nowhere"), 0);
    ASSERT_FALSE(world);
    EXPECT_EQ(world.error().code, "sim.unknown_scenario");
    EXPECT_NE(world.error().arg("known")->find("workstation"), std::string::npos);
}

TEST(Scenarios, ComeFromFilesToo) {
    TemporaryDirectory directory;
    auto path = directory.path() + "/mine.json";
    std::ofstream(path) << R"({"host": {"name": "MINE"}, "vms": [{"name": "only"}]})";
    SimOptions options;
    options.scenario = path;
    options.in_memory = true;
    auto host = make_host(options);
    ASSERT_TRUE(host) << describe(host.error());
    EXPECT_EQ((*host)->cim().host_name(), "MINE");
    EXPECT_EQ((*host)->uri(), "sim:" + path);
    options.scenario = directory.path() + "/other.json";
    EXPECT_EQ(make_host(options).error().code, "file.not_found");
}

TEST(Scenarios, NestingIsBounded) {
    std::string deep(5000, '[');
    auto world = load_scenario("{\"a\": " + deep, "x", 0);
    ASSERT_FALSE(world);
    EXPECT_EQ(world.error().code, "sim.bad_scenario");
}

TEST(LineOf, FindsAnythingInAnyLayout) {
    const std::string text = "{\"a\":{\"b\":[1,\n{\"c\":\"]}\\\"\"},\n\"x\"]},\n\"d\":true}";
    EXPECT_EQ(line_of(text, ""), 1u);
    EXPECT_EQ(line_of(text, "/a/b/1/c"), 2u);
    EXPECT_EQ(line_of(text, "/a/b/2"), 3u);
    EXPECT_EQ(line_of(text, "/d"), 4u);
    EXPECT_EQ(line_of(text, "/a/none/deeper"), 1u) << "the nearest part that exists";
}

/// The published schema and the loader must speak of the same fields.
TEST(Scenarios, FollowTheirSchema) {
    std::ifstream file(std::string(EXHYPERV_SOURCE_DIR) + "/schema/scenario.schema.json");
    auto schema = nlohmann::json::parse(file);
    // Each object of the schema, and a document that has a field there which nobody knows.
    const std::map<std::string, std::string> places = {
        {"/properties", R"j({"?": 1})j"},
        {"/properties/host/properties", R"j({"host": {"?": 1}})j"},
        {"/properties/tuning/properties", R"j({"tuning": {"?": 1}})j"},
        {"/$defs/device/properties",
         R"j({"devices": [{"id": "a", "pci": "VEN_1", "instance": "1", "name": "n", "class": "Net", "location": "PCIROOT(0)#PCI(0100)", "?": 1}]})j"},
        {"/$defs/vm/properties", R"j({"vms": [{"name": "a", "?": 1}]})j"},
        {"/$defs/vm/properties/settings/properties", R"j({"vms": [{"name": "a", "settings": {"?": 1}}]})j"},
        {"/$defs/vm/properties/guest/properties", R"j({"vms": [{"name": "a", "guest": {"?": 1}}]})j"},
        {"/$defs/vm_disk/properties", R"j({"vms": [{"name": "a", "disks": [{"?": 1}]}]})j"},
        {"/$defs/host_disk/properties",
         R"j({"devices": [{"id": "a", "pci": "VEN_1", "instance": "1", "name": "n", "class": "Net", "location": "PCIROOT(0)#PCI(0100)"}], "disks": [{"number": 0, "controller": "a", "?": 1}]
})j"},
    };
    for (const auto& [pointer, document] : places) {
        auto world = load_scenario(document, "x", 0);
        ASSERT_FALSE(world) << pointer;
        auto known = split(*world.error().arg("expected"), '|');
        std::set<std::string> loader, published;
        for (const auto& name : known)
            loader.insert(std::string(trim(name)));
        for (const auto& [name, value] : schema.at(nlohmann::json::json_pointer(pointer)).items())
            if (name != "$schema" && name != "comment") published.insert(name);
        EXPECT_EQ(loader, published) << pointer;
    }
}

} // namespace

} // namespace exhyperv::sim::testing

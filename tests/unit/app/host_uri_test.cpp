#include "app/host_uri.h"

#include <gtest/gtest.h>

#include <set>

namespace exhyperv::app {
namespace {

using std::chrono::milliseconds;

TEST(HostUri, WithoutAScenarioIsTheWorkstation) {
    const auto uri = parse_host_uri("sim:");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->scheme, HostUri::Scheme::sim);
    EXPECT_EQ(uri->scenario, "workstation");
    EXPECT_EQ(uri->text, "sim:workstation");
}

TEST(HostUri, KeepsTheScenariosParametersAndTakesTheTransports) {
    const auto uri = parse_host_uri("sim:large?vms=500&latency=20ms&answers=job&devices=3&job=2s&lag=1&faults=f.json");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->scenario, "large?vms=500&devices=3");
    EXPECT_EQ(uri->text, "sim:large?vms=500&devices=3");
    EXPECT_EQ(uri->latency, milliseconds(20));
    EXPECT_EQ(uri->job_duration, milliseconds(2000));
    EXPECT_EQ(uri->registration_lag, milliseconds(1000));
    EXPECT_EQ(uri->answers, "job");
    EXPECT_EQ(uri->fault_script, "f.json");
}

TEST(HostUri, OfAScenarioFileIsAbsoluteSoThatEveryFolderMeansTheSameHost) {
    const auto uri = parse_host_uri("sim:my.json");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->scenario.front(), '/');
    EXPECT_TRUE(uri->scenario.ends_with("/my.json"));
}

TEST(HostUri, RefusesBadParameters) {
    for (const char* text :
         {"sim:?latency=", "sim:?latency=-1", "sim:?latency=1y", "sim:?answers=no", "sim:?=1", "sim:?faults="}) {
        const auto uri = parse_host_uri(text);
        ASSERT_FALSE(uri) << text;
        EXPECT_EQ(uri.error().code, "app.host_uri_parameter") << text;
    }
}

TEST(HostUri, RefusesWhatIsNoHost) {
    for (const char* text : {"", "workstation", "file.json", "ssh://host", "sim", ":"}) {
        const auto uri = parse_host_uri(text);
        ASSERT_FALSE(uri) << text;
        EXPECT_EQ(uri.error().code, "app.host_uri") << text;
    }
    EXPECT_FALSE(parse_host_uri(std::string(5000, 'a').insert(0, "sim:")));
}

TEST(HostUri, KnowsHostsThatOtherBuildsReach) {
    EXPECT_EQ(parse_host_uri("local:")->scheme, HostUri::Scheme::local);
    EXPECT_EQ(parse_host_uri("https://server:5986")->scheme, HostUri::Scheme::winrm);
}

TEST(HostKey, IsReadableAndNeverSharedByTwoHosts) {
    EXPECT_EQ(host_key(*parse_host_uri("sim:workstation")), "sim-workstation");
    std::set<std::string> keys;
    for (const char* text : {"sim:workstation", "sim:Workstation", "sim:/a/b.json", "sim:/a-b.json", "sim:large?vms=5",
                             "sim:large?vms=50", "sim:large-vms-5"})
        EXPECT_TRUE(keys.insert(host_key(*parse_host_uri(text))).second) << text;
    for (const std::string& key : keys)
        EXPECT_EQ(key.find_first_of("/\\:?*"), std::string::npos) << key;
}

TEST(HostKey, DoesNotDependOnHowTheTransportIsSlowedDown) {
    EXPECT_EQ(host_key(*parse_host_uri("sim:?latency=5ms")), host_key(*parse_host_uri("sim:")));
}

TEST(ParseDuration, TakesUnitsAndBoundsThem) {
    EXPECT_EQ(parse_duration("90"), milliseconds(90'000));
    EXPECT_EQ(parse_duration("20ms"), milliseconds(20));
    EXPECT_EQ(parse_duration("5m"), milliseconds(300'000));
    EXPECT_EQ(parse_duration("1h"), milliseconds(3'600'000));
    for (const char* text : {"", "s", "-1", "1.5s", "1d", "9999h", "99999999999999999999s", " 1"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

} // namespace
} // namespace exhyperv::app

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

TEST(HostUri, WithTuningOfOneProcessIsTheSameHost) {
    const auto uri = parse_host_uri("sim:workstation?answers=job&job_ms=2000&lag_ms=5&latency_ms=0");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->text, "sim:workstation");
    EXPECT_EQ(host_key(*uri), host_key(*parse_host_uri("sim:workstation")));
    EXPECT_EQ(uri->job_duration, milliseconds(2000));
    EXPECT_EQ(uri->registration_lag, milliseconds(5));
    EXPECT_EQ(uri->latency, milliseconds(0));
}

TEST(HostUri, OfAScenarioFileIsAbsoluteSoThatEveryFolderMeansTheSameHost) {
    const auto uri = parse_host_uri("sim:my.json");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->scenario.front(), '/');
    EXPECT_TRUE(uri->scenario.ends_with("/my.json"));
}

TEST(HostUri, RefusesBadParameters) {
    for (const char* text : {"sim:?latency=", "sim:?latency=-1", "sim:?latency=1y", "sim:?answers=no", "sim:?=1",
                             "sim:?faults=", "sim:?job_ms=2s", "sim:?lag_ms="}) {
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

TEST(HostUri, OfAnotherMachineNamesTheComputerAndMaybeTheUser) {
    const auto plain = parse_host_uri("DCOM://HV01.contoso.local/");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->scheme, HostUri::Scheme::dcom);
    EXPECT_TRUE(plain->remote());
    EXPECT_EQ(plain->computer, "hv01.contoso.local");
    EXPECT_EQ(plain->user, "");
    EXPECT_EQ(plain->text, "dcom://hv01.contoso.local");

    const auto domain = parse_host_uri("dcom://CONTOSO\\John Doe@hv01");
    ASSERT_TRUE(domain);
    EXPECT_EQ(domain->user, "CONTOSO\\John Doe");
    EXPECT_EQ(domain->text, "dcom://CONTOSO\\John Doe@hv01");

    const auto principal = parse_host_uri("dcom://admin@contoso.local@192.168.1.7");
    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->user, "admin@contoso.local");
    EXPECT_EQ(principal->computer, "192.168.1.7");
    EXPECT_FALSE(parse_host_uri("local:")->remote());
}

TEST(HostUri, OfAnotherMachineTakesNoPasswordAndDoesNotRepeatIt) {
    const auto uri = parse_host_uri("dcom://admin:secret@hv01");
    ASSERT_FALSE(uri);
    EXPECT_EQ(uri.error().code, "app.host_uri_password");
    EXPECT_EQ(describe(uri.error()).find("secret"), std::string::npos);
}

TEST(HostUri, OfAnotherMachineRefusesWhatIsNoNameOfOne) {
    for (const char* text :
         {"dcom://", "dcom:hv01", "dcom://@hv01", "dcom://admin@", "dcom://hv01\\root\\cimv2", "dcom://hv01/root",
          "dcom://hv01:135", "dcom://.", "dcom://-x", "dcom://a b", "dcom://a\nb@hv01", "dcom://[::1]"}) {
        const auto uri = parse_host_uri(text);
        ASSERT_FALSE(uri) << text;
        EXPECT_EQ(uri.error().code, "app.host_uri") << text;
    }
    EXPECT_FALSE(parse_host_uri("dcom://" + std::string(254, 'a')));
}

TEST(HostKey, OfAMachineIsTheSameForEveryUser) {
    const auto key = host_key(*parse_host_uri("dcom://hv01"));
    EXPECT_EQ(host_key(*parse_host_uri("dcom://CONTOSO\\admin@HV01")), key);
    EXPECT_NE(host_key(*parse_host_uri("dcom://hv02")), key);
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

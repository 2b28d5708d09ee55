#include "host/cim_session.h"
#include "provider_host.h"
#include "transport/sim/sim_host.h"

#include <gtest/gtest.h>

namespace exhyperv::provider {
namespace {

CallContext soon() {
    return CallContext::within(std::chrono::minutes(2));
}

class ComObjects : public testing::Test {
  protected:
    std::unique_ptr<ProviderHost> host = ProviderHost::open({.scenario = "workstation"});
    /// What the simulated host answers without COM in between.
    host::CimSession& direct() { return host->simulation().session(); }
    host::CimSession& through_com() { return host->session(); }

    void expect_same(std::string_view name_space, const cim::wql::Query& query) {
        const auto expected = direct().query(name_space, query, soon());
        const auto found = through_com().query(name_space, query, soon());
        ASSERT_TRUE(expected) << query.text() << describe(expected.error());
        ASSERT_TRUE(found) << query.text() << describe(found.error());
        ASSERT_EQ(found->size(), expected->size()) << query.text();
        for (std::size_t i = 0; i < expected->size(); ++i)
            EXPECT_EQ((*found)[i], (*expected)[i]) << query.text() << " row " << i;
    }
};

TEST_F(ComObjects, EveryObjectOfTheHostArrivesAsItIs) {
    for (const char* name :
         {"CIM_ManagedElement", "Msvm_SettingsDefineState", "Msvm_VirtualSystemSettingDataComponent"})
        expect_same(host::kVirtualization, cim::wql::all(name));
    for (const char* name : {"Win32_OperatingSystem", "Win32_PnPEntity", "Win32_VideoController"})
        expect_same(host::kCimv2, cim::wql::all(name));
}

TEST_F(ComObjects, NamedPropertiesArriveWithThePathAndNothingElse) {
    const auto query = cim::wql::Query::parse("SELECT EnabledState FROM Msvm_ComputerSystem");
    ASSERT_TRUE(query);
    expect_same(host::kVirtualization, *query);
}

TEST_F(ComObjects, EmbeddedObjectsArriveWhole) {
    cim::ObjectPath service;
    service.class_name = "Msvm_VirtualSystemManagementService";
    const auto services = direct().query(host::kVirtualization, cim::wql::all(service.class_name), soon());
    ASSERT_TRUE(services && services->size() == 1);
    const std::vector<cim::Property> parameters = {
        {"RequestedInformation", cim::Value::uint32s({0, 1, 4, 100, 101, 103})}};
    const auto call = [&](host::CimSession& session) {
        return session.invoke(*services->front().path(), "GetSummaryInformation", parameters, soon());
    };
    const auto expected = call(direct()), found = call(through_com());
    ASSERT_TRUE(expected && found);
    EXPECT_EQ(found->return_value, expected->return_value);
    const auto* rows = found->out.find("SummaryInformation");
    ASSERT_TRUE(rows);
    EXPECT_GT(rows->as_objects().size(), 1u);
    EXPECT_EQ(found->out, expected->out);
}

TEST_F(ComObjects, TheMachinesNameIsTheOneInPaths) {
    EXPECT_EQ(through_com().host_name(), direct().host_name());
}

TEST_F(ComObjects, AChangeOfOnePropertyIsThatAndNoMore) {
    auto gpus = through_com().query(host::kVirtualization, cim::wql::all("Msvm_PartitionableGpu"), soon());
    ASSERT_TRUE(gpus && !gpus->empty());
    auto gpu = gpus->front();
    EXPECT_TRUE(through_com().put(gpu, soon())) << "nothing differs";
    gpu.set("PartitionCount", cim::Value::uint32(1)); // another integer type: written as the property's own
    const auto written = through_com().put(gpu, soon());
    const auto valid = gpu.find("ValidPartitionCounts")->as_uints();
    if (std::find(valid.begin(), valid.end(), 1u) != valid.end())
        EXPECT_TRUE(written) << describe(written.error());
    else
        EXPECT_EQ(written.error().code, "cim.invalid_parameter");
    gpu.set("PartitionCount", cim::Value::string("one"));
    const auto refused = through_com().put(gpu, soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "cim.type_mismatch");
}

} // namespace
} // namespace exhyperv::provider

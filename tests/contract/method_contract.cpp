#include "cim/xml.h"
#include "cim_session_contract.h"
#include "support/strings.h"

namespace exhyperv::contract {
using cim::Value;

void CimSessionContract::adds_and_removes_a_partition(bool by_job) {
    const auto settings = settings_of(vm(3));
    const auto before = partitions_of(settings).size();
    const auto added = call(service(), "AddResourceSettings",
                            {{"AffectedConfiguration", Value::reference(settings.path()->full())},
                             {"ResourceSettings", Value::strings({to_cim_xml(new_partition())})}});
    ASSERT_EQ(added.code, 0u);
    const auto now = partitions_of(settings);
    ASSERT_EQ(now.size(), before + 1);

    cim::ObjectPath created;
    if (by_job) {
        ASSERT_EQ(added.return_value, 4096u);
        EXPECT_TRUE(added.out.strings("ResultingResourceSettings").empty()) << "the job path has no results";
        cim::wql::Related affected;
        affected.object = *added.job;
        affected.assoc_class = "Msvm_AffectedJobElement";
        for (const auto& row : related(affected))
            if (row.class_name() == "Msvm_GpuPartitionSettingData") created = *row.path();
    } else {
        ASSERT_EQ(added.return_value, 0u);
        const auto results = added.out.strings("ResultingResourceSettings");
        ASSERT_EQ(results.size(), 1u);
        created = *cim::ObjectPath::parse(results[0]);
    }
    ASSERT_EQ(created.class_name, "Msvm_GpuPartitionSettingData");
    EXPECT_TRUE(session().get(created, soon()));

    const auto removed =
        call(service(), "RemoveResourceSettings", {{"ResourceSettings", Value::references({created.full()})}});
    EXPECT_EQ(removed.code, 0u);
    EXPECT_EQ(partitions_of(settings).size(), before);
    expect_refused(session().get(created, soon()), {"cim.not_found"}, 0x80041002);
}

namespace {

TEST_P(CimSessionContract, AnEmbeddedInstanceChangesWhatItSays) {
    if (!open()) GTEST_SKIP();
    const std::string notes = "contract <&> \" \\ ' 显卡";
    const auto outcome = set_notes(settings_of(vm(3)), notes);
    EXPECT_EQ(outcome.code, 0u);
    EXPECT_EQ(settings_of(vm(3)).strings("Notes"), std::vector<std::string>{notes});
}

TEST_P(CimSessionContract, TheSynchronousWayReturnsZeroAndNoJob) {
    if (!open(Answers::synchronous)) GTEST_SKIP();
    const auto outcome = set_notes(settings_of(vm(3)), "synchronous");
    EXPECT_EQ(outcome.return_value, 0u);
    EXPECT_FALSE(outcome.job);
    EXPECT_EQ(settings_of(vm(3)).strings("Notes"), std::vector<std::string>{"synchronous"});
}

TEST_P(CimSessionContract, TheJobWayReturns4096AndAJobThatCanBeFollowed) {
    if (!open(Answers::job)) GTEST_SKIP();
    const auto outcome = set_notes(settings_of(vm(3)), "by job");
    EXPECT_EQ(outcome.return_value, 4096u);
    EXPECT_EQ(outcome.code, 0u);
    ASSERT_TRUE(outcome.job);
    const auto job = session().get(*outcome.job, soon());
    ASSERT_TRUE(job);
    EXPECT_EQ(job->uint("PercentComplete"), 100u);
    EXPECT_EQ(settings_of(vm(3)).strings("Notes"), std::vector<std::string>{"by job"});
}

TEST_P(CimSessionContract, AddsAndRemovesAResourceSynchronously) {
    if (!open(Answers::synchronous)) GTEST_SKIP();
    adds_and_removes_a_partition(false);
}

TEST_P(CimSessionContract, AddsAndRemovesAResourceByJobs) {
    if (!open(Answers::job)) GTEST_SKIP();
    adds_and_removes_a_partition(true);
}

TEST_P(CimSessionContract, TextThatIsNoCimXmlIsRefusedByTheMethodNotTheSession) {
    if (!open()) GTEST_SKIP();
    const auto before = settings_of(vm(3)).strings("Notes");
    for (const char* text : {"", "instance of Msvm_VirtualSystemSettingData { Notes = {\"x\"}; };", "<INSTANCE"}) {
        const auto outcome = call(service(), "ModifySystemSettings", {{"SystemSettings", Value::string(text)}});
        EXPECT_NE(outcome.code, 0u) << text;
        if (outcome.job) {
            const auto job = session().get(*outcome.job, soon());
            ASSERT_TRUE(job);
            EXPECT_EQ(job->uint("JobState"), 10u);
            EXPECT_FALSE(job->text_or("ErrorDescription", "").empty());
        }
    }
    EXPECT_EQ(settings_of(vm(3)).strings("Notes"), before);
}

TEST_P(CimSessionContract, RefusesCallsThatDoNotFitTheMethod) {
    if (!open()) GTEST_SKIP();
    const auto object = service();
    const auto invoke = [&](std::string_view method, std::vector<cim::Property> parameters) {
        return session().invoke(object, method, parameters, soon());
    };
    expect_refused(invoke("NoSuchMethod", {}), {"cim.invalid_method"}, 0x80041055);
    expect_refused(invoke("ModifySystemSettings", {{"NoSuchParameter", Value::string("x")}}), {"cim.invalid_parameter"},
                   0x80041008);
    expect_refused(invoke("ModifySystemSettings", {{"Job", Value::reference("x")}}), {"cim.invalid_parameter"},
                   0x80041008);
    expect_refused(invoke("ModifySystemSettings", {{"SystemSettings", Value::uint32(1)}}), {"cim.type_mismatch"},
                   0x80041005);
    expect_refused(invoke("ModifySystemSettings", {{"SystemSettings", Value::strings({"x"})}}), {"cim.type_mismatch"},
                   0x80041005);
    expect_refused(invoke("RemoveResourceSettings", {{"ResourceSettings", Value::reference("x")}}),
                   {"cim.type_mismatch"}, 0x80041005);

    auto gone = object;
    for (auto& [name, value] : gone.keys)
        if (name == "Name") value = "no-such-service";
    expect_refused(session().invoke(gone, "ModifySystemSettings", {{"SystemSettings", Value::string("")}}, soon()),
                   {"cim.not_found"}, 0x80041002);
    gone.class_name = "Msvm_NoSuchClass";
    expect_refused(session().invoke(gone, "ModifySystemSettings", {}, soon()), {"cim.invalid_class"}, 0x80041010);
}

TEST_P(CimSessionContract, PutWritesWhatMayBeWritten) {
    if (!open()) GTEST_SKIP();
    auto gpu = rows("SELECT * FROM Msvm_PartitionableGpu").at(0);
    const auto counts = gpu.find("ValidPartitionCounts")->as_uints();
    ASSERT_FALSE(counts.empty());
    gpu.set("PartitionCount", Value::uint16(static_cast<std::uint16_t>(counts.back())));
    const auto written = session().put(gpu, soon());
    ASSERT_TRUE(written) << describe(written.error());
    EXPECT_EQ(session().get(*gpu.path(), soon())->uint("PartitionCount"), counts.back());
}

TEST_P(CimSessionContract, PutRefusesWhatMayOnlyBeReadAndChangesNothing) {
    if (!open()) GTEST_SKIP();
    const auto gpu = rows("SELECT * FROM Msvm_PartitionableGpu").at(0);
    const auto refused = [&](const std::string& name, Value value) {
        auto changed = gpu;
        changed.set(name, std::move(value));
        const auto result = session().put(changed, soon());
        ASSERT_FALSE(result) << name;
        EXPECT_TRUE(result.error().code == "cim.read_only" || result.error().code == "cim.invalid_parameter")
            << describe(result.error());
        EXPECT_EQ(result.error().native.kind, NativeKind::hresult);
    };
    refused("TotalVRAM", Value::uint64(gpu.uint("TotalVRAM").value_or(0) + 1));
    refused("NoSuchProperty", Value::uint64(1));
    refused("PartitionCount", Value::uint16(31337));
    EXPECT_EQ(*session().get(*gpu.path(), soon()), gpu);

    auto nobody = gpu;
    auto path = *gpu.path();
    for (auto& [name, value] : path.keys)
        if (name == "Name") value = "no such card";
    nobody.set_path(path);
    expect_refused(session().put(nobody, soon()), {"cim.not_found"}, 0x80041002);
}

} // namespace
} // namespace exhyperv::contract

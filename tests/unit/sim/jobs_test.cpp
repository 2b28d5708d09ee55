#include "sim_fixture.h"

namespace exhyperv::sim::testing {

namespace {

cim::Instance job_of(Bench& bench, const host::MethodResult& result) {
    auto path = cim::ObjectPath::parse(result.out.text_or("Job", ""));
    EXPECT_TRUE(path);
    auto job = bench.cim().get(*path, soon());
    EXPECT_TRUE(job) << describe(job.error());
    return *job;
}

host::MethodResult start(Bench& bench, const std::string& vm) {
    return bench.invoke(*bench.machine(vm).path(), "RequestStateChange", {{"RequestedState", cim::Value::uint16(2)}});
}

TEST(SimJobs, AdvanceWithTime) {
    Bench bench("workstation", Answers::job);
    auto result = start(bench, "win10");
    ASSERT_EQ(result.return_value, 4096u);
    EXPECT_EQ(bench.machine("win10").uint("EnabledState"), 10u) << "starting";
    auto job = job_of(bench, result);
    EXPECT_EQ(job.uint("JobState"), 3u);
    EXPECT_EQ(job.uint("JobType"), 12u);
    bench.pass(50);
    job = job_of(bench, result);
    EXPECT_EQ(job.uint("JobState"), 4u);
    EXPECT_EQ(job.uint("PercentComplete"), 50u);
    EXPECT_EQ(bench.machine("win10").uint("EnabledState"), 10u);
    bench.pass(50);
    job = job_of(bench, result);
    EXPECT_EQ(job.uint("JobState"), 7u);
    EXPECT_EQ(job.uint("PercentComplete"), 100u);
    EXPECT_EQ(bench.machine("win10").uint("EnabledState"), 2u);
}

TEST(SimJobs, TakeEffectOnlyWhenTheyAreDone) {
    Bench bench("workstation", Answers::job);
    auto current = bench.settings("win11");
    current.set("AutomaticShutdownAction", cim::Value::uint16(2));
    bench.manage("ModifySystemSettings", {{"SystemSettings", cim::Value::string(cim::to_cim_xml(current))}});
    EXPECT_EQ(bench.settings("win11").uint("AutomaticShutdownAction"), 3u);
    bench.pass(100);
    EXPECT_EQ(bench.settings("win11").uint("AutomaticShutdownAction"), 2u);
}

TEST(SimJobs, DisappearFiveMinutesAfterTheirEnd) {
    Bench bench("workstation", Answers::job);
    auto result = start(bench, "win10");
    bench.pass(100);
    EXPECT_EQ(job_of(bench, result).text_or("TimeBeforeRemoval", ""), "00000000000500.000000:000");
    bench.pass(300'000);
    auto gone = bench.cim().get(*cim::ObjectPath::parse(result.out.text_or("Job", "")), soon());
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, "cim.not_found");
}

TEST(SimJobs, FailWithLayeredTextAndCode) {
    Bench bench("server2025", Answers::job);
    auto result = start(bench, "stale");
    bench.pass(100);
    auto job = job_of(bench, result);
    EXPECT_EQ(job.uint("JobState"), 10u);
    EXPECT_EQ(job.uint("ErrorCode"), 32768u);
    const auto text = job.text_or("ErrorDescription", "");
    EXPECT_TRUE(text.starts_with("'stale' failed to start.\n\n")) << text;
    EXPECT_NE(text.find("(Virtual machine ID " + bench.vm_id("stale") + ")"), std::string::npos);
    EXPECT_EQ(job.text_or("ErrorSummaryDescription", ""), "'stale' failed to start.");
    auto errors = bench.invoke(*job.path(), "GetErrorEx", {});
    ASSERT_EQ(errors.out.strings("Errors").size(), 1u);
    auto error = cim::parse_cim_xml(errors.out.strings("Errors").front());
    ASSERT_TRUE(error);
    EXPECT_EQ(error->text_or("Message", ""), text);
    EXPECT_EQ(bench.machine("stale").uint("EnabledState"), 3u) << "it is off again";
}

TEST(SimJobs, RefusalBecomesAFailedJobOnAnOrdinaryHost) {
    Bench bench("workstation", Answers::natural);
    auto good = bench.template_of("Msvm_GpuPartitionSettingData");
    auto add = [&](const cim::Instance& setting) {
        return bench.manage("AddResourceSettings",
                            {{"AffectedConfiguration", cim::Value::reference(bench.settings("win11").path()->full())},
                             {"ResourceSettings", cim::Value::strings({cim::to_cim_xml(setting)})}});
    };
    EXPECT_EQ(add(good).return_value, 0u);
    auto bad = add(cim::Instance("Msvm_GpuPartitionSettingData"));
    EXPECT_EQ(bad.return_value, 4096u);
    EXPECT_EQ(job_of(bench, bad).uint("JobState"), 3u) << "not finished at once";
    EXPECT_EQ(bench.ending(bad).code, 32773u);
    EXPECT_EQ(start(bench, "win10").return_value, 4096u);
}

TEST(SimJobs, CanBeKilledBeforeTheyTakeEffect) {
    Bench bench("workstation", Answers::job);
    auto result = start(bench, "win10");
    auto path = *cim::ObjectPath::parse(result.out.text_or("Job", ""));
    EXPECT_EQ(bench.invoke(path, "RequestStateChange", {{"RequestedState", cim::Value::uint16(5)}}).return_value, 0u);
    bench.pass(1000);
    EXPECT_EQ(job_of(bench, result).uint("JobState"), 9u);
    EXPECT_EQ(bench.machine("win10").uint("EnabledState"), 3u);
    EXPECT_EQ(bench.invoke(path, "RequestStateChange", {{"RequestedState", cim::Value::uint16(5)}}).return_value,
              32775u);
}

TEST(SimJobs, EndAsAFaultScriptSays) {
    Bench bench("x", Answers::job, R"({"vms": [{"name": "a"}], "faults": [
        {"method": "RequestStateChange", "job": {"error_code": 32774, "percent": 40, "text": "Summary\n\nCause"}}]})");
    auto result = start(bench, "a");
    ASSERT_EQ(result.return_value, 4096u);
    bench.pass(90);
    EXPECT_EQ(job_of(bench, result).uint("PercentComplete"), 40u);
    bench.pass(10);
    auto job = job_of(bench, result);
    EXPECT_EQ(job.uint("JobState"), 10u);
    EXPECT_EQ(job.uint("ErrorCode"), 32774u);
    EXPECT_EQ(job.text_or("ErrorDescription", ""), "Summary\n\nCause");
    EXPECT_EQ(bench.machine("a").uint("EnabledState"), 3u);
    EXPECT_EQ(bench.request_state("a", 2).code, 0u) << "the fault happened once";
}

TEST(SimJobs, TypesAreNumbered) {
    Bench bench("server2025", Answers::job);
    auto type = [&](const host::MethodResult& result) { return job_of(bench, result).uint("JobType"); };
    EXPECT_EQ(type(bench.manage("AddResourceSettings", {})), 30u);
    EXPECT_EQ(type(bench.manage("RemoveResourceSettings", {})), 32u);
    EXPECT_EQ(type(bench.manage("ModifySystemSettings", {})), 2u);
    auto service = *bench.one("SELECT * FROM Msvm_AssignableDeviceService").path();
    EXPECT_EQ(type(bench.invoke(service, "MountAssignableDevice", {})), 260u);
    EXPECT_EQ(type(bench.invoke(*bench.machine("busy").path(), "RequestStateChange",
                                {{"RequestedState", cim::Value::uint16(3)}})),
              13u);
}

} // namespace

} // namespace exhyperv::sim::testing

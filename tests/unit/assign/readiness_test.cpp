#include "assign/preflight/readiness.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::assign {
namespace {

Survey survey_of_a_server() {
    Survey survey;
    survey.facts.build = 26100;
    survey.facts.product_type = model::ProductType::server;
    survey.facts.hyperv_service_running = true;
    return survey;
}

const ReadinessItem* find(const std::vector<ReadinessItem>& items, std::string_view id) {
    const auto at =
        std::find_if(items.begin(), items.end(), [&](const ReadinessItem& item) { return item.check.id == id; });
    return at == items.end() ? nullptr : &*at;
}

TEST(Readiness, OfAServerWithoutPolicyValuesOffersToSetThem) {
    const auto items = check_readiness(survey_of_a_server(), nullptr, {"win11"});
    const auto* policy = find(items, "host.policy");
    ASSERT_NE(policy, nullptr);
    EXPECT_EQ(policy->check.verdict, Verdict::warn);
    EXPECT_EQ(policy->fix, "policy.allow");
    const auto* drivers = find(items, "host.drivers");
    ASSERT_NE(drivers, nullptr);
    EXPECT_EQ(drivers->fix, "gpu.sync");
}

TEST(Readiness, OfAHostSeenFromAnotherComputerClaimsNothingThatWasNotReadAndOffersNothing) {
    const auto items = check_readiness(survey_of_a_server(), nullptr, {}, true);
    const auto* policy = find(items, "host.policy");
    ASSERT_NE(policy, nullptr);
    EXPECT_EQ(policy->check.verdict, Verdict::unknown);
    const auto* rights = find(items, "host.elevation");
    ASSERT_NE(rights, nullptr);
    EXPECT_EQ(rights->check.evidence.key, "check.host.elevation.remote");
    EXPECT_EQ(find(items, "host.drivers"), nullptr);
    for (const ReadinessItem& item : items)
        EXPECT_EQ(item.fix, "") << item.check.id;
}

TEST(Readiness, OfADamagedJournalOffersNoButtonThatCouldNotWork) {
    Survey survey = survey_of_a_server();
    HistoryEntry open;
    open.plan.id = "A";
    survey.open = {open};
    EXPECT_EQ(find(check_readiness(survey, nullptr, {}), "host.journal")->fix, "recover");
    survey.open.front().state = HistoryEntry::State::damaged;
    survey.open.front().error = Error{"journal.damaged", {{"path", "x.jsonl"}, {"line", "2"}}, {}, {}, {}};
    const auto items = check_readiness(survey, nullptr, {});
    const auto* journal = find(items, "host.journal");
    ASSERT_NE(journal, nullptr);
    EXPECT_EQ(journal->check.verdict, Verdict::fail);
    EXPECT_EQ(journal->fix, "");
}

TEST(Readiness, NamesTheVmsWhoseRememberedDriverIsNotTheHosts) {
    Survey survey = survey_of_a_server();
    model::Gpu gpu;
    gpu.instance_path = "PCI\\VEN_10DE&DEV_2786\\1";
    gpu.interface_path = "card";
    gpu.driver_version = "32.0.15.7000";
    model::Vm older, same, unknown;
    older.name = "older", same.name = "same", unknown.name = "unknown";
    GuestRecords records;
    for (model::Vm* vm : {&older, &same, &unknown}) {
        vm->id = Guid::random();
        survey.vms.push_back(*vm);
        model::GpuPartition partition;
        partition.vm_id = vm->id;
        partition.gpu_interface_path = "card";
        survey.partitions.push_back(partition);
    }
    GuestRecord record;
    record.card = gpu.instance_path;
    record.driver_version = "32.0.15.6094";
    records[older.id] = {record};
    record.driver_version = gpu.driver_version;
    records[same.id] = {record};
    survey.gpus = {gpu};
    EXPECT_EQ(lagging_vms(survey, records), std::vector<std::string>{"older"});
    EXPECT_EQ(remembered_driver(records, older.id, gpu)->state, drivers::DriftState::older);
    EXPECT_FALSE(remembered_driver(records, unknown.id, gpu)) << "nothing remembered tells nothing";
}

} // namespace
} // namespace exhyperv::assign

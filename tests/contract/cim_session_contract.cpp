#include "cim_session_contract.h"

#include "cim/xml.h"
#include "support/guid.h"

namespace exhyperv::contract {

bool CimSessionContract::open(Answers answers) {
    host_ = GetParam().make(answers);
    return host_ != nullptr;
}

Result<CimSessionContract::Rows> CimSessionContract::query(std::string_view wql, std::string_view name_space) {
    TRY_ASSIGN(const auto parsed, cim::wql::Query::parse(wql));
    return session().query(name_space, parsed, soon());
}

CimSessionContract::Rows CimSessionContract::rows(std::string_view wql, std::string_view name_space) {
    auto result = query(wql, name_space);
    EXPECT_TRUE(result) << wql << ": " << describe(result.error());
    return result ? std::move(*result) : Rows{};
}

cim::Instance CimSessionContract::only(std::string_view wql) {
    auto found = rows(wql);
    EXPECT_EQ(found.size(), 1u) << wql;
    return found.empty() ? cim::Instance("Nothing") : std::move(found.front());
}

cim::Instance CimSessionContract::vm(std::uint16_t enabled_state) {
    for (auto& row : rows("SELECT * FROM Msvm_ComputerSystem"))
        if (Guid::parse(row.text_or("Name", "")) && row.uint("EnabledState") == enabled_state) return row;
    ADD_FAILURE() << "the host has no VM in state " << enabled_state;
    return cim::Instance("Nothing");
}

cim::Instance CimSessionContract::settings_of(const cim::Instance& vm) {
    cim::wql::Related wanted;
    wanted.object = *vm.path();
    wanted.assoc_class = "Msvm_SettingsDefineState";
    wanted.result_class = "Msvm_VirtualSystemSettingData";
    auto found = related(wanted);
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? cim::Instance("Nothing") : std::move(found.front());
}

CimSessionContract::Rows CimSessionContract::related(const cim::wql::Related& wanted) {
    auto result = session().query(host::kVirtualization, wanted, soon());
    EXPECT_TRUE(result) << cim::wql::Query(wanted).text() << ": " << describe(result.error());
    return result ? std::move(*result) : Rows{};
}

std::uint32_t CimSessionContract::build() {
    const auto found = rows("SELECT BuildNumber FROM Win32_OperatingSystem", host::kCimv2);
    if (found.size() != 1) return 0;
    return static_cast<std::uint32_t>(std::stoul(found[0].text_or("BuildNumber", "0")));
}

CimSessionContract::Outcome CimSessionContract::call(const cim::ObjectPath& object, std::string_view method,
                                                     const std::vector<cim::Property>& parameters) {
    Outcome outcome;
    auto answer = session().invoke(object, method, parameters, soon());
    EXPECT_TRUE(answer) << method << ": " << describe(answer.error());
    if (!answer) return outcome;
    outcome.return_value = outcome.code = answer->return_value;
    outcome.out = answer->out;
    if (answer->return_value != 4096) return outcome;

    auto path = cim::ObjectPath::parse(answer->out.text_or("Job", ""));
    EXPECT_TRUE(path) << "a started job has a path";
    if (!path) return outcome;
    outcome.job = *path;
    for (int polls = 0; polls < 1000; ++polls) {
        const auto job = session().get(*path, soon());
        EXPECT_TRUE(job) << describe(job.error());
        const auto state = job ? job->uint("JobState") : 8;
        if (!state || *state >= 7) {
            const bool good = state == 7u || state == 32768u;
            outcome.code = good ? 0 : static_cast<std::uint32_t>(job ? job->uint("ErrorCode").value_or(32768) : 32768);
            return outcome;
        }
        host_->pass_time();
        if (!soon().sleep(std::chrono::milliseconds(2), "job")) break;
    }
    ADD_FAILURE() << method << ": the job does not end";
    return outcome;
}

cim::ObjectPath CimSessionContract::service() {
    return *only("SELECT * FROM Msvm_VirtualSystemManagementService").path();
}

CimSessionContract::Outcome CimSessionContract::set_notes(const cim::Instance& settings, const std::string& notes) {
    cim::Instance changed = settings;
    changed.set("Notes", cim::Value::strings({notes}));
    return call(service(), "ModifySystemSettings", {{"SystemSettings", cim::Value::string(to_cim_xml(changed))}});
}

cim::Instance CimSessionContract::new_partition() {
    const auto gpus = rows("SELECT * FROM Msvm_PartitionableGpu");
    const auto templates = rows(R"(SELECT * FROM Msvm_GpuPartitionSettingData WHERE InstanceID LIKE '%\\Default')");
    EXPECT_FALSE(gpus.empty() || templates.empty());
    if (gpus.empty() || templates.empty()) return cim::Instance("Nothing");
    cim::Instance settings = templates[0];
    settings.set("HostResource", cim::Value::strings({gpus[0].path()->full()}));
    return settings;
}

CimSessionContract::Rows CimSessionContract::partitions_of(const cim::Instance& settings) {
    cim::wql::Related wanted;
    wanted.object = *settings.path();
    wanted.assoc_class = "Msvm_VirtualSystemSettingDataComponent";
    wanted.result_class = "Msvm_GpuPartitionSettingData";
    return related(wanted);
}

std::string key_of(const cim::Instance& row, std::string_view key) {
    return row.path() ? row.path()->text_key(key) : std::string{};
}

} // namespace exhyperv::contract

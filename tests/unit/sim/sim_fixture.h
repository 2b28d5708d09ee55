#pragma once

#include "cim/wql.h"
#include "cim/xml.h"
#include "support/strings.h"
#include "transport/sim/sim_host.h"
#include "transport/sim/sim_host_impl.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace exhyperv::sim::testing {

inline constexpr const char* kSpace = "root\\virtualization\\v2";
inline constexpr const char* kService = "Msvm_VirtualSystemManagementService";

inline CallContext soon() {
    return CallContext::within(std::chrono::seconds(20));
}

inline std::string answers_name(const ::testing::TestParamInfo<Answers>& which) {
    return which.param == Answers::job ? "Job" : "Synchronous";
}

/// A directory of its own, gone with the test.
class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "exhyperv-sim-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// An in-memory host over a scenario, with a clock that moves when told to.
class Bench {
  public:
    explicit Bench(std::string scenario = "workstation", Answers answers = Answers::synchronous,
                   std::string text = {}) {
        SimOptions options;
        options.scenario = std::move(scenario);
        options.scenario_text = std::move(text);
        options.in_memory = true;
        options.answers = answers;
        options.job_duration = std::chrono::milliseconds(100);
        options.registration_lag = std::chrono::milliseconds(0);
        open(std::move(options));
    }
    explicit Bench(SimOptions options) { open(std::move(options)); }

    host::CimSession& cim() { return host_->cim(); }
    host::Host& host() { return *host_; }
    SimHost& sim() { return static_cast<SimHost&>(*host_); }
    ManualClock& clock() { return *clock_; }
    void pass(int ms) { clock_->advance(std::chrono::milliseconds(ms)); }
    World world() { return *sim().world(); }

    std::vector<cim::Instance> query(const std::string& text, const std::string& space = kSpace) {
        auto parsed = cim::wql::Query::parse(text);
        if (!parsed) {
            ADD_FAILURE() << describe(parsed.error());
            return {};
        }
        auto rows = cim().query(space, *parsed, soon());
        if (!rows) {
            ADD_FAILURE() << text << ": " << describe(rows.error());
            return {};
        }
        return std::move(*rows);
    }
    Error query_error(const std::string& text, const std::string& space = kSpace) {
        auto parsed = cim::wql::Query::parse(text);
        if (!parsed) return parsed.error();
        auto rows = cim().query(space, *parsed, soon());
        return rows ? Error{"none", {}, {}, {}, {}} : rows.error();
    }
    cim::Instance one(const std::string& text, const std::string& space = kSpace) {
        auto rows = query(text, space);
        EXPECT_EQ(rows.size(), 1u) << text;
        return rows.empty() ? cim::Instance("none") : rows.front();
    }
    /// The realized settings of the VM of that name (the first one).
    cim::Instance settings(const std::string& vm) {
        auto rows = query("SELECT * FROM Msvm_VirtualSystemSettingData WHERE ElementName = '" + vm +
                          "' AND VirtualSystemType = 'Microsoft:Hyper-V:System:Realized'");
        EXPECT_FALSE(rows.empty()) << vm;
        return rows.empty() ? cim::Instance("none") : rows.front();
    }
    cim::Instance machine(const std::string& vm) {
        auto rows = query("SELECT * FROM Msvm_ComputerSystem WHERE Caption <> '' AND ElementName = '" + vm + "'");
        for (auto& row : rows)
            if (Guid::parse(row.text_or("Name", ""))) return row;
        ADD_FAILURE() << vm;
        return cim::Instance("none");
    }
    std::string vm_id(const std::string& vm) { return machine(vm).text_or("Name", ""); }

    host::MethodResult invoke(const cim::ObjectPath& object, const std::string& method,
                              std::vector<cim::Property> parameters) {
        auto result = cim().invoke(object, method, parameters, soon());
        if (!result) {
            ADD_FAILURE() << method << ": " << describe(result.error());
            return {};
        }
        return std::move(*result);
    }
    host::MethodResult manage(const std::string& method, std::vector<cim::Property> parameters) {
        return invoke(*one(std::string("SELECT * FROM ") + kService).path(), method, std::move(parameters));
    }

    /// What a call came to, whichever way it was answered: its return value, or the error code its job ended with.
    struct Ending {
        std::uint32_t code = 0;
        std::string text;
        std::vector<cim::Instance> results; ///< what the job affected
    };
    Ending ending(const host::MethodResult& result) {
        if (result.return_value != 4096) return {result.return_value, {}, {}};
        auto path = cim::ObjectPath::parse(result.out.text_or("Job", ""));
        if (!path) {
            ADD_FAILURE() << "4096 without a job";
            return {};
        }
        pass(1000);
        auto job = cim().get(*path, soon());
        if (!job) {
            ADD_FAILURE() << describe(job.error());
            return {};
        }
        Ending out;
        const auto state = job->uint("JobState").value_or(0);
        out.code = state == 7 ? 0 : static_cast<std::uint32_t>(job->uint("ErrorCode").value_or(0));
        if (state != 7 && state != 10) ADD_FAILURE() << "job state " << state;
        out.text = job->text_or("ErrorDescription", "");
        cim::wql::Related related{.object = *path};
        related.assoc_class = "Msvm_AffectedJobElement";
        if (auto affected = cim().query(kSpace, cim::wql::Query(related), soon())) out.results = *affected;
        return out;
    }

    cim::Instance template_of(const std::string& class_name) {
        auto rows = query("SELECT * FROM " + class_name + " WHERE InstanceID LIKE '%Default'");
        EXPECT_FALSE(rows.empty());
        return rows.empty() ? cim::Instance("none") : rows.front();
    }
    Ending add(const std::string& vm, const cim::Instance& setting) {
        return ending(manage("AddResourceSettings",
                             {{"AffectedConfiguration", cim::Value::reference(settings(vm).path()->full())},
                              {"ResourceSettings", cim::Value::strings({cim::to_cim_xml(setting)})}}));
    }
    Ending add_gpu(const std::string& vm, const std::string& host_resource) {
        auto setting = template_of("Msvm_GpuPartitionSettingData");
        if (!host_resource.empty()) setting.set("HostResource", cim::Value::strings({host_resource}));
        return add(vm, setting);
    }
    Ending change(const std::string& vm, const std::string& property, cim::Value value) {
        auto current = settings(vm);
        current.set(property, std::move(value));
        return ending(
            manage("ModifySystemSettings", {{"SystemSettings", cim::Value::string(cim::to_cim_xml(current))}}));
    }
    Ending request_state(const std::string& vm, std::uint16_t state) {
        return ending(
            invoke(*machine(vm).path(), "RequestStateChange", {{"RequestedState", cim::Value::uint16(state)}}));
    }
    std::string gpu_path(const std::string& part) {
        for (auto& row : query("SELECT * FROM Msvm_PartitionableGpu"))
            if (icontains(row.text_or("Name", ""), part)) return row.path()->full();
        return {};
    }

    Ending dismount(const std::string& instance_path, bool require = false) {
        cim::Instance given("Msvm_AssignableDeviceDismountSettingData");
        given.set("DeviceInstancePath", cim::Value::string(instance_path));
        given.set("RequireAcsSupport", cim::Value::boolean(require));
        given.set("RequireDeviceMitigations", cim::Value::boolean(require));
        return ending(invoke(*one("SELECT * FROM Msvm_AssignableDeviceService").path(), "DismountAssignableDevice",
                             {{"DismountSettingData", cim::Value::string(cim::to_cim_xml(given))}}));
    }
    Ending mount(const std::string& location) {
        return ending(invoke(*one("SELECT * FROM Msvm_AssignableDeviceService").path(), "MountAssignableDevice",
                             {{"DeviceLocationPath", cim::Value::string(location)}}));
    }
    Ending assign(const std::string& vm, const std::string& location) {
        auto setting = template_of("Msvm_PciExpressSettingData");
        auto rows = query("SELECT * FROM Msvm_PciExpress WHERE LocationPath = '" + location + "'");
        if (rows.empty()) return {1, "no row", {}};
        setting.set("HostResource", cim::Value::strings({rows.front().path()->full()}));
        return add(vm, setting);
    }
    /// Instance path of the scenario's device of that name.
    std::string device(const std::string& name) {
        for (const auto& function : world().functions)
            if (icontains(function.name, name)) return function.instance_path();
        ADD_FAILURE() << name;
        return {};
    }
    std::string location(const std::string& instance_path) {
        return find_function(std::as_const(kept_ = world()), instance_path)->location_path;
    }

  private:
    void open(SimOptions options) {
        clock_ = std::make_shared<ManualClock>();
        options.clock = clock_;
        auto made = make_host(options);
        if (!made) throw std::runtime_error(describe(made.error()));
        host_ = std::move(*made);
    }
    std::shared_ptr<ManualClock> clock_;
    std::unique_ptr<host::Host> host_;
    World kept_;
};

} // namespace exhyperv::sim::testing

#include "host/cim_session.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/vms.h"
#include "provider_host.h"
#include "transport/wmi_com/bounded.h"
#include "transport/wmi_com/bstr.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <latch>
#include <thread>

namespace exhyperv::provider {
namespace {

using namespace std::chrono_literals;

CallContext soon() {
    return CallContext::within(2min);
}

std::unique_ptr<ProviderHost> host_with(const std::string& faults, const std::string& scenario = "workstation") {
    const ScriptFile script("{\"faults\": [" + faults + "]}");
    return ProviderHost::open({.scenario = scenario, .fault_script = script.path()});
}

Result<std::vector<cim::Instance>> all(host::CimSession& session, const char* name) {
    return session.query(host::kVirtualization, cim::wql::all(name), soon());
}

template <class T>
void expect_error(const Result<T>& result, std::string_view code, std::uint32_t hresult) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << describe(result.error());
    EXPECT_EQ(result.error().native, (NativeCode{NativeKind::hresult, hresult})) << describe(result.error());
}

constexpr const char* kHanging = R"({"call": "query", "class": "Msvm_ComputerSystem", "delay_ms": 3600000})";

TEST(ComFailures, AProviderThatHangsCostsNoMoreThanTheDeadline) {
    const auto host = host_with(kHanging);
    const auto answer =
        host->session().query(host::kVirtualization, cim::wql::all("Msvm_ComputerSystem"), CallContext::within(200ms));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "call.timeout");
    EXPECT_EQ(*answer.error().arg("what"), "Msvm_ComputerSystem");
    EXPECT_TRUE(all(host->session(), "Msvm_PartitionableGpu")) << "the session lives on";
}

TEST(ComFailures, ACallThatHangsCanBeCancelled) {
    const auto host = host_with(kHanging);
    const auto context = soon();
    std::thread user([&] {
        std::this_thread::sleep_for(50ms);
        context.cancel.cancel();
    });
    const auto answer = host->session().query(host::kVirtualization, cim::wql::all("Msvm_ComputerSystem"), context);
    user.join();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "call.cancelled");
}

TEST(ComFailures, EvenACallThatNeverComesBackFromComEndsByItsDeadline) {
    auto gate = std::make_shared<std::latch>(1);
    const auto answer = wmi_com::bounded(CallContext::within(50ms), "ConnectServer", [gate]() -> Result<> {
        gate->wait();
        return {};
    });
    gate->count_down(); // the thread that was left behind ends now
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "call.timeout");
}

TEST(ComFailures, AccessDeniedKeepsTheProvidersWords) {
    const auto host = host_with(
        R"({"call": "query", "class": "Msvm_ComputerSystem", "error": {"hresult": "0x80041003", "text": "拒绝访问。"}})");
    const auto answer = all(host->session(), "Msvm_ComputerSystem");
    expect_error(answer, "cim.access_denied", 0x80041003);
    EXPECT_EQ(answer.error().provider_text, "拒绝访问。");
    EXPECT_EQ(*answer.error().arg("what"), "Msvm_ComputerSystem");
    EXPECT_NE(answer.error().detail.find("SimulatedHost"), std::string::npos) << answer.error().detail;
}

TEST(ComFailures, AnErrorObjectOfAnEarlierCallIsNotTakenForALaterOne) {
    const auto host = host_with(
        R"({"call": "query", "class": "Msvm_ComputerSystem", "error": {"hresult": "0x80041003", "text": "earlier"}})");
    EXPECT_FALSE(all(host->session(), "Msvm_ComputerSystem"));
    const auto answer = all(host->session(), "Msvm_NoSuchClass");
    expect_error(answer, "cim.invalid_class", 0x80041010);
    EXPECT_NE(answer.error().provider_text, "earlier");
}

TEST(ComFailures, AJobThatHangsCostsNoMoreThanTheDeadline) {
    const auto host = ProviderHost::open({.scenario = "workstation", .answers = sim::Answers::job, .job_duration = 1h});
    const auto vms = hyperv::list_vms(host->session(), soon());
    const auto gpus = hyperv::list_partitionable_gpus(host->session(), soon());
    ASSERT_TRUE(vms && gpus && !gpus->empty());
    const auto off = std::ranges::find(*vms, model::VmState::off, &model::Vm::state);
    ASSERT_NE(off, vms->end());
    const auto added = hyperv::add_gpu_partition(host->session(), off->id, gpus->front().interface_path,
                                                 CallContext::within(1s)); // the host's clock stands still
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, "job.timeout") << describe(added.error());
    // Whether the effect still comes is the provider's business (hyperv/jobs.h); the executor looks, and undoes it.
    EXPECT_TRUE(hyperv::list_gpu_partitions(host->session(), *gpus, soon()));
}

TEST(ComFailures, AConnectionThatBreaksBeforeACallLeavesItUndone) {
    const auto host = host_with(R"({"call": "invoke", "lost": "before"})");
    const auto services = all(host->session(), "Msvm_VirtualSystemManagementService");
    ASSERT_TRUE(services);
    const auto before =
        host->simulation().session().query(host::kVirtualization, cim::wql::all("Msvm_ComputerSystem"), soon());
    const auto answer = host->session().invoke(*services->front().path(), "DefineSystem", {}, soon());
    expect_error(answer, "session.lost", 0x800706BA);
    const auto after = all(host->session(), "Msvm_ComputerSystem");
    ASSERT_TRUE(before && after) << "the next call connects anew";
    EXPECT_EQ(after->size(), before->size());
}

TEST(ComFailures, AProviderThatRestartsIsFoundAgain) {
    const auto host = host_with("");
    ASSERT_TRUE(all(host->session(), "Msvm_ComputerSystem"));
    host->simulation().restart();
    expect_error(all(host->session(), "Msvm_ComputerSystem"), "session.lost", 0x80010108);
    EXPECT_TRUE(all(host->session(), "Msvm_ComputerSystem"));
}

TEST(ComFailures, AClassThatAnOlderBuildLacksIsCalledSo) {
    const auto host = host_with("", "laptop"); // build 19045
    expect_error(all(host->session(), "Msvm_VirtualSystemPciExpressSettingData"), "cim.invalid_class", 0x80041010);
    cim::ObjectPath path;
    path.class_name = "Msvm_VirtualSystemPciExpressSettingData";
    path.keys = {{"InstanceID", "x"}};
    expect_error(host->session().get(path, soon()), "cim.invalid_class", 0x80041010);
    expect_error(host->session().invoke(path, "Anything", {}, soon()), "cim.invalid_class", 0x80041010);
}

TEST(ComFailures, AHostWithoutHyperVHasNoSuchNamespace) {
    const auto host = ProviderHost::open({.scenario = "bare", .scenario_text = R"({"host": {"hyperv": false}})"});
    expect_error(all(host->session(), "Msvm_ComputerSystem"), "cim.invalid_namespace", 0x8004100E);
    EXPECT_TRUE(host->session().query(host::kCimv2, cim::wql::all("Win32_OperatingSystem"), soon()));
}

TEST(ComFailures, AProxyWithoutABlanketIsRefused) {
    const auto host = host_with("");
    wmi_com::ComPtr<IWbemLocator> locator;
    ASSERT_GE(CoCreateInstance(CLSID_WbemLocator, nullptr, CLSCTX_INPROC_SERVER, IID_PPV_ARGS(locator.GetAddressOf())),
              0);
    wmi_com::ComPtr<IWbemServices> services;
    ASSERT_GE(locator->ConnectServer(wmi_com::Bstr(host::kCimv2).get(), nullptr, nullptr, nullptr, 0, nullptr, nullptr,
                                     services.GetAddressOf()),
              0);
    wmi_com::ComPtr<IWbemClassObject> object;
    EXPECT_EQ(
        services->GetObject(wmi_com::Bstr("Win32_OperatingSystem").get(), 0, nullptr, object.GetAddressOf(), nullptr),
        E_ACCESSDENIED)
        << "so every test that passes put one on everything it was given";
}

TEST(ComFailures, AnotherMachineIsReachedByItsNameAndWithCredentials) {
    const auto host = host_with("");
    wmi_com::Target target{host->simulation().name(), "CONTOSO\\admin", "secret"};
    const auto there = wmi_com::ComSession::open(target, soon());
    ASSERT_TRUE(there) << describe(there.error());
    EXPECT_TRUE(all(**there, "Msvm_ComputerSystem"));
    EXPECT_EQ(host->simulation().last_user(), "CONTOSO\\admin");

    host->simulation().let_in_only("CONTOSO\\admin", "secret");
    EXPECT_TRUE(wmi_com::ComSession::open(target, soon()));
    target.password = "guessed";
    expect_error(wmi_com::ComSession::open(target, soon()), "cim.access_denied", 0x80070005);

    target.computer = "NOWHERE";
    expect_error(wmi_com::ComSession::open(target, soon()), "session.lost", 0x800706BA);
}

} // namespace
} // namespace exhyperv::provider

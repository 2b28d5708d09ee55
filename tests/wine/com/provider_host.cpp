#include "provider_host.h"

#include "locator.h"
#include "support/guid.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace exhyperv::provider {
namespace {

/// What a process registers itself comes before what the registry says: nothing outside of this process changes.
void lead_the_locator_here() {
    static const bool done = [] {
        static CO_MTA_USAGE_COOKIE cookie;
        EXPECT_GE(CoIncrementMTAUsage(&cookie), 0);
        DWORD registration = 0;
        const auto factory = make<LocatorFactory, IClassFactory>();
        const HRESULT result = CoRegisterClassObject(CLSID_WbemLocator, factory.Get(), CLSCTX_INPROC_SERVER,
                                                     REGCLS_MULTIPLEUSE, &registration);
        EXPECT_GE(result, 0) << std::hex << result;
        return true;
    }();
    (void)done;
}

} // namespace

std::unique_ptr<ProviderHost> ProviderHost::open(sim::SimOptions options) {
    lead_the_locator_here();
    auto out = std::make_unique<ProviderHost>();
    out->clock_ = std::make_shared<sim::ManualClock>();
    options.in_memory = options.data_directory.empty();
    options.clock = out->clock_;
    auto host = sim::make_host(options);
    EXPECT_TRUE(host) << describe(host.error());
    if (!host) return nullptr;
    auto simulation = wrap(std::move(*host), {});
    EXPECT_TRUE(simulation) << describe(simulation.error());
    if (!simulation) return nullptr;
    out->simulation_ = std::move(*simulation);
    use_simulation(out->simulation_);
    auto session = wmi_com::ComSession::open({}, CallContext::within(std::chrono::minutes(1)));
    EXPECT_TRUE(session) << describe(session.error());
    if (!session) return nullptr;
    out->session_ = std::move(*session);
    return out;
}

ScriptFile::ScriptFile(const std::string& json)
    : path_((std::filesystem::temp_directory_path() / ("exhyperv-" + Guid::random().str() + ".json")).string()) {
    std::ofstream(path_) << json;
}

ScriptFile::~ScriptFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

} // namespace exhyperv::provider

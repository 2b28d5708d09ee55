#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/pci_devices.h"
#include "hyperv/vms.h"
#include "provider_host.h"

#include <gtest/gtest.h>

namespace exhyperv::provider {
namespace {

/// The simulated host with its management provider behind COM.
class MixedHost final : public host::Host {
  public:
    explicit MixedHost(ProviderHost& host) : host_(host) {}
    host::CimSession& cim() override { return host_.session(); }
    host::HostDevices& devices() override { return inner().devices(); }
    host::HostRegistry& registry() override { return inner().registry(); }
    host::HostFiles& files() override { return inner().files(); }
    [[nodiscard]] std::string uri() const override { return "local:"; }
    [[nodiscard]] bool elevated() const override { return true; }

  private:
    host::Host& inner() { return host_.simulation().host(); }
    ProviderHost& host_;
};

struct Cost {
    std::uint64_t vms = 0, gpus = 0, partitions = 0, devices = 0;
    bool operator==(const Cost&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const Cost& cost) {
        return out << "vm list " << cost.vms << ", gpu list " << cost.gpus << " + " << cost.partitions
                   << ", device list " << cost.devices;
    }
};

Cost cost_of(const std::string& scenario) {
    const auto host = ProviderHost::open({.scenario = scenario});
    MixedHost mixed(*host);
    const auto context = CallContext::within(std::chrono::minutes(5));
    const auto counted = [&](const auto& call) {
        const auto before = host->simulation().calls();
        const auto answer = call();
        EXPECT_TRUE(answer) << describe(answer.error());
        return host->simulation().calls() - before;
    };
    Cost cost;
    (void)counted([&] { return hyperv::list_vms(mixed.cim(), context); }); // connects
    cost.vms = counted([&] { return hyperv::list_vms(mixed.cim(), context); });
    cost.gpus = counted([&] { return hyperv::list_gpus(mixed, context); });
    const auto gpus = hyperv::list_gpus(mixed, context);
    EXPECT_TRUE(gpus);
    cost.partitions = counted([&] { return hyperv::list_gpu_partitions(mixed.cim(), *gpus, context); });
    cost.devices = counted([&] { return hyperv::list_pci_devices(mixed, context); });
    return cost;
}

TEST(ComRoundTrips, DoNotGrowWithTheNumberOfVmsOrDevices) {
    const auto small = cost_of("large?vms=3&devices=4"), large = cost_of("large?vms=120&devices=60");
    EXPECT_EQ(small, large);
    EXPECT_GT(small.vms, 0u);
    std::cout << small << '\n';
}

} // namespace
} // namespace exhyperv::provider

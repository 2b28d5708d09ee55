#include "assign/device/inventory.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
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

/// What each list of the program costs, in calls that reach the provider: the same reads as app::Session makes.
struct Cost {
    std::uint64_t vm_list = 0, gpu_list = 0, device_list = 0;
    bool operator==(const Cost&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const Cost& cost) {
        return out << "vm list " << cost.vm_list << ", gpu list " << cost.gpu_list << ", device list "
                   << cost.device_list;
    }
};

struct Size {
    std::size_t vms = 0, devices = 0;
};

/// The cost, and how much the host showed: a list that is cheap because it is empty proves nothing.
std::pair<Cost, Size> look_at(const std::string& scenario) {
    const auto host = ProviderHost::open({.scenario = scenario});
    MixedHost mixed(*host);
    const auto context = CallContext::within(std::chrono::minutes(5));
    Size size;
    const auto counted = [&](const auto& read) {
        const auto before = host->simulation().calls();
        read();
        return host->simulation().calls() - before;
    };
    const auto good = [](const auto& answer) {
        EXPECT_TRUE(answer) << describe(answer.error());
        return answer.has_value();
    };
    const auto partitions_of = [&](const Result<std::vector<model::Gpu>>& gpus) {
        if (good(gpus)) good(hyperv::list_gpu_partitions(mixed.cim(), *gpus, context));
    };
    good(hyperv::list_vms(mixed.cim(), context)); // connects
    Cost cost;
    cost.vm_list = counted([&] {
        const auto vms = hyperv::list_vms(mixed.cim(), context);
        if (good(vms)) size.vms = vms->size();
        partitions_of(hyperv::list_partitionable_gpus(mixed.cim(), context));
        good(hyperv::list_gpus(mixed, context)); // for the names, when a VM has a partition
    });
    cost.gpu_list = counted([&] {
        good(hyperv::list_vms(mixed.cim(), context));
        partitions_of(hyperv::list_gpus(mixed, context));
    });
    cost.device_list = counted([&] {
        const auto devices = assign::list_device_inventory(mixed, context);
        if (good(devices)) size.devices = devices->devices.size();
    });
    return {cost, size};
}

TEST(ComRoundTrips, OfVmListGpuListAndDeviceListDoNotGrowWithTheNumberOfVms) {
    const auto [cost, few] = look_at("large?vms=3&devices=8");
    EXPECT_GT(cost.vm_list, 0u);
    EXPECT_GT(cost.gpu_list, 0u);
    EXPECT_GT(cost.device_list, 0u);
    std::cout << cost << '\n';
    auto before = few.vms;
    for (const char* scenario : {"large?vms=40&devices=8", "large?vms=120&devices=8"}) {
        const auto [more_cost, more] = look_at(scenario);
        EXPECT_EQ(more_cost, cost) << scenario;
        EXPECT_GT(more.vms, before) << scenario;
        EXPECT_EQ(more.devices, few.devices) << scenario;
        before = more.vms;
    }
}

TEST(ComRoundTrips, DoNotGrowWithTheNumberOfDevices) {
    const auto [cost, few] = look_at("large?vms=3&devices=4");
    const auto [more_cost, more] = look_at("large?vms=3&devices=60");
    EXPECT_EQ(more_cost, cost);
    EXPECT_GT(more.devices, few.devices);
}

} // namespace
} // namespace exhyperv::provider

#include "assign/device/display_advice.h"
#include "host/counting_session.h"
#include "simulated.h"

#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

/// Counts what goes through each port.
class CountedDevices final : public host::HostDevices {
  public:
    explicit CountedDevices(host::HostDevices& inner) : inner_(inner) {}
    Result<std::vector<host::DeviceRecord>> list(const host::DeviceQuery& query, const CallContext& context) override {
        ++calls;
        return inner_.list(query, context);
    }
    Result<> disable(const std::string& path, const CallContext& context) override {
        return inner_.disable(path, context);
    }
    Result<> enable(const std::string& path, const CallContext& context) override {
        return inner_.enable(path, context);
    }
    Result<std::vector<Disk>> disks(const CallContext& context) override {
        ++calls;
        return inner_.disks(context);
    }
    Result<> set_disk_online(std::uint32_t number, bool online, const CallContext& context) override {
        return inner_.set_disk_online(number, online, context);
    }
    std::size_t calls = 0;

  private:
    host::HostDevices& inner_;
};

class CountedHost final : public host::Host {
  public:
    explicit CountedHost(host::Host& inner) : inner_(inner), session_(inner.cim()), devices_(inner.devices()) {}
    host::CimSession& cim() override { return session_; }
    host::HostDevices& devices() override { return devices_; }
    host::HostRegistry& registry() override { return inner_.registry(); }
    host::HostFiles& files() override { return inner_.files(); }
    [[nodiscard]] std::string uri() const override { return inner_.uri(); }
    [[nodiscard]] bool elevated() const override { return inner_.elevated(); }
    [[nodiscard]] std::size_t cim_calls() const { return session_.counts().total(); }
    [[nodiscard]] std::size_t device_calls() const { return devices_.calls; }

  private:
    host::Host& inner_;
    host::CountingSession session_;
    CountedDevices devices_;
};

struct Count {
    std::size_t cim, devices, listed;
    auto operator<=>(const Count&) const = default;
};

Count count(const std::string& scenario) {
    const auto host = simulated(scenario);
    CountedHost counted(*host);
    const auto inventory = must(list_device_inventory(counted, in_time()));
    return {counted.cim_calls(), counted.device_calls(), inventory.devices.size()};
}

TEST(DeviceRoundTrips, DoNotGrowWithVmsOrDevices) {
    const Count few = count("large?vms=5&devices=200"), many = count("large?vms=500&devices=200"),
                small = count("large?vms=5&devices=3");
    EXPECT_EQ(many.listed, 200u);
    EXPECT_EQ(few, many);
    EXPECT_EQ(small.cim, many.cim);
    EXPECT_EQ(small.devices, many.devices);
    RecordProperty("cim_calls", static_cast<int>(many.cim));
    RecordProperty("device_calls", static_cast<int>(many.devices));
}

TEST(DeviceRoundTrips, OfAdviceNeither) {
    const auto advise = [](const std::string& scenario) {
        const auto host = simulated(scenario);
        CountedHost counted(*host);
        static_cast<void>(must(advise_display(counted, "vm-0001", in_time())));
        return counted.cim_calls() + counted.device_calls();
    };
    EXPECT_EQ(advise("large?vms=5&devices=20"), advise("large?vms=200&devices=200"));
}

} // namespace
} // namespace exhyperv::assign

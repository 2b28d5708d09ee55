#include "assign/preflight/survey.h"
#include "host/counting_session.h"
#include "world.h"

#include "transport/sim/sim_host.h"

#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

/// The ports of a host with its CIM calls counted.
class CountedHost final : public host::Host {
  public:
    explicit CountedHost(host::Host& inner) : inner_(inner), session_(inner.cim()) {}
    host::CimSession& cim() override { return session_; }
    host::HostDevices& devices() override { return inner_.devices(); }
    host::HostRegistry& registry() override { return inner_.registry(); }
    host::HostFiles& files() override { return inner_.files(); }
    [[nodiscard]] std::string uri() const override { return inner_.uri(); }
    [[nodiscard]] bool elevated() const override { return inner_.elevated(); }
    [[nodiscard]] std::size_t calls() const { return session_.counts().total(); }

  private:
    host::Host& inner_;
    host::CountingSession session_;
};

struct Count {
    std::size_t calls = 0, vms = 0;
};

Count count_survey(std::size_t vms) {
    sim::SimOptions options;
    options.scenario = "large?vms=" + std::to_string(vms) + "&devices=20";
    options.in_memory = true;
    const auto host = sim::make_host(options);
    if (!host) throw std::runtime_error(describe(host.error()));
    CountedHost counted(**host);
    const auto survey = read_survey({counted, testing::TempDir() + "exhyperv-no-such-state"}, in_time());
    if (!survey) throw std::runtime_error(describe(survey.error()));
    return {counted.calls(), survey->vms.size()};
}

TEST(RoundTrips, DoNotGrowWithTheNumberOfVms) {
    const Count few = count_survey(5), many = count_survey(500);
    EXPECT_EQ(few.vms, 5u);
    EXPECT_EQ(many.vms, 500u);
    EXPECT_EQ(few.calls, many.calls);
    RecordProperty("cim_calls", static_cast<int>(many.calls));
}

} // namespace
} // namespace exhyperv::assign

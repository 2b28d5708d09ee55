#include "cim_session_contract.h"

#include "transport/sim/sim_host.h"

namespace exhyperv::contract {
namespace {

/// The embedded simulation of a workstation, in memory, with a clock that moves when the test waits.
class SimulatedHost final : public ContractHost {
  public:
    SimulatedHost(std::unique_ptr<host::Host> host, std::shared_ptr<sim::ManualClock> clock)
        : host_(std::move(host)), clock_(std::move(clock)) {}
    host::CimSession& session() override { return host_->cim(); }
    void pass_time() override { clock_->advance(std::chrono::milliseconds(200)); }

  private:
    std::unique_ptr<host::Host> host_;
    std::shared_ptr<sim::ManualClock> clock_;
};

std::unique_ptr<ContractHost> simulated(const std::string& scenario, Answers answers) {
    auto clock = std::make_shared<sim::ManualClock>();
    sim::SimOptions options;
    options.scenario = scenario;
    options.in_memory = true;
    options.clock = clock;
    if (answers == Answers::synchronous) options.answers = sim::Answers::synchronous;
    if (answers == Answers::job) options.answers = sim::Answers::job;
    auto host = sim::make_host(options);
    EXPECT_TRUE(host) << describe(host.error());
    return host ? std::make_unique<SimulatedHost>(std::move(*host), std::move(clock)) : nullptr;
}

Implementation implementation(const std::string& scenario) {
    return {scenario, [scenario](Answers answers) { return simulated(scenario, answers); }};
}

std::string name_of(const testing::TestParamInfo<Implementation>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Simulated, CimSessionContract,
                         testing::Values(implementation("workstation"), implementation("server2025"),
                                         implementation("chinese")),
                         name_of);

} // namespace
} // namespace exhyperv::contract

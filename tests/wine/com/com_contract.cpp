#include "cim_session_contract.h"
#include "provider_host.h"

namespace exhyperv::contract {
namespace {

/// The simulated workstation, seen through COM.
class ComHost final : public ContractHost {
  public:
    explicit ComHost(std::unique_ptr<provider::ProviderHost> host) : host_(std::move(host)) {}
    host::CimSession& session() override { return host_->session(); }
    void pass_time() override { host_->clock().advance(std::chrono::milliseconds(200)); }

  private:
    std::unique_ptr<provider::ProviderHost> host_;
};

Implementation through_com(const std::string& scenario) {
    return {scenario, [scenario](Answers answers) -> std::unique_ptr<ContractHost> {
                sim::SimOptions options;
                options.scenario = scenario;
                if (answers == Answers::synchronous) options.answers = sim::Answers::synchronous;
                if (answers == Answers::job) options.answers = sim::Answers::job;
                auto host = provider::ProviderHost::open(options);
                return host ? std::make_unique<ComHost>(std::move(host)) : nullptr;
            }};
}

std::string name_of(const testing::TestParamInfo<Implementation>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(ThroughCom, CimSessionContract,
                         testing::Values(through_com("workstation"), through_com("server2025"), through_com("chinese")),
                         name_of);

} // namespace
} // namespace exhyperv::contract

#pragma once

#include "cim_session_contract.h"

#include <mutex>

namespace exhyperv::contract {

/// A session over a list of instances and the class tables: just enough of a host to hold the contract itself to
/// account. It knows three methods (ModifySystemSettings, Add- and RemoveResourceSettings). For the real simulation see
/// transport/sim.
class FakeHost final : public ContractHost, public host::CimSession {
  public:
    explicit FakeHost(Answers answers);
    host::CimSession& session() override { return *this; }

    Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                             const CallContext& context) override;
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) override;
    Result<> put(const cim::Instance& instance, const CallContext& context) override;
    Result<host::MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                      const std::vector<cim::Property>& parameters,
                                      const CallContext& context) override;
    [[nodiscard]] std::string host_name() const override { return "FAKE"; }

  private:
    using Rows = std::vector<cim::Instance>;

    /// A row with every property of its class, NULL but for the given ones, and its path.
    cim::Instance& add(std::string_view name_space, std::string_view class_name, std::vector<cim::Property> properties);
    void link(std::string_view class_name, std::string_view first_role, const cim::ObjectPath& first,
              std::string_view second_role, const cim::ObjectPath& second);
    void add_vm(const std::string& guid, const std::string& name, std::uint16_t state);
    cim::Instance* find(const cim::ObjectPath& path);
    Result<Rows> select(std::string_view name_space, const cim::wql::Select& select);
    Result<Rows> related(const cim::wql::Related& related);
    /// Carries the method out: 0 and the paths of what it made, or a failure code.
    std::pair<std::uint32_t, std::vector<std::string>> run(std::string_view method,
                                                           const std::vector<cim::Property>& parameters);

    std::mutex guard_;
    bool by_job_;
    Rows rows_;
};

} // namespace exhyperv::contract

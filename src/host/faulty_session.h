#pragma once

#include "host/cim_session.h"
#include "host/fault_script.h"

namespace exhyperv::host {

/// Passes calls on, but for those a fault script says otherwise. Job faults are left to the simulated host. `inner`
/// must outlive it. Thread-safe as `inner` is.
class FaultySession final : public CimSession {
  public:
    FaultySession(CimSession& inner, FaultScript script) : inner_(inner), script_(std::move(script)) {}

    Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                             const CallContext& context) override;
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) override;
    Result<> put(const cim::Instance& instance, const CallContext& context) override;
    Result<MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                const std::vector<cim::Property>& parameters, const CallContext& context) override;
    [[nodiscard]] std::string host_name() const override { return inner_.host_name(); }

  private:
    CimSession& inner_;
    FaultScript script_;
};

} // namespace exhyperv::host

#pragma once

#include "host/cim_session.h"
#include "transport/sim/ports/port_base.h"
#include "transport/sim/store/workshop.h"

namespace exhyperv::sim {

/// The provider's front: each call is one look at, or one change of, the world.
class SimSession final : public host::CimSession {
  public:
    SimSession(PortBase& base, const Workshop& workshop, std::string host_name)
        : base_(base), workshop_(workshop), host_name_(std::move(host_name)) {}

    Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                             const CallContext& context) override;
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) override;
    Result<> put(const cim::Instance& instance, const CallContext& context) override;
    Result<host::MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                      const std::vector<cim::Property>& parameters,
                                      const CallContext& context) override;
    [[nodiscard]] std::string host_name() const override { return host_name_; }

  private:
    PortBase& base_;
    const Workshop& workshop_;
    std::string host_name_;
};

} // namespace exhyperv::sim

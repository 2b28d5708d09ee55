#pragma once

#include "host/cim_session.h"

namespace exhyperv::host {

/// Logs one line a call (level debug; failures warn): kind, what, milliseconds, rows or error. No values of properties
/// or parameters are logged. `inner` must outlive it. Thread-safe as `inner` is.
class LoggingSession final : public CimSession {
  public:
    explicit LoggingSession(CimSession& inner) : inner_(inner) {}

    Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                             const CallContext& context) override;
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) override;
    Result<> put(const cim::Instance& instance, const CallContext& context) override;
    Result<MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                const std::vector<cim::Property>& parameters, const CallContext& context) override;
    [[nodiscard]] std::string host_name() const override { return inner_.host_name(); }

  private:
    CimSession& inner_;
};

} // namespace exhyperv::host

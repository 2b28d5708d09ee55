#pragma once

#include "host/cim_session.h"
#include "transport/wmi_com/credentials.h"

#include <memory>

namespace exhyperv::wmi_com {

class Calls;

/// CimSession over COM (host/cim_session.h). Usable from any number of threads that are in no single-threaded
/// apartment. A call comes back by its deadline (and at most a second later) even when COM or the provider hangs.
class ComSession final : public host::CimSession {
  public:
    /// Connects root\cimv2 and learns the machine's name. Errors: cim.access_denied, session.lost, call.timeout,
    /// cim.provider_failure (no management service).
    static Result<std::unique_ptr<ComSession>> open(const Target& target, const CallContext& context);

    Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                             const CallContext& context) override;
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) override;
    Result<> put(const cim::Instance& instance, const CallContext& context) override;
    Result<host::MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                      const std::vector<cim::Property>& parameters,
                                      const CallContext& context) override;
    [[nodiscard]] std::string host_name() const override { return name_; }

  private:
    ComSession(std::shared_ptr<Calls> calls, std::string name) : calls_(std::move(calls)), name_(std::move(name)) {}

    std::shared_ptr<Calls> calls_; // shared with the threads of calls that COM has not let go of
    std::string name_;
};

} // namespace exhyperv::wmi_com

#pragma once

#include "host/cim_session.h"

namespace exhyperv::host {

/// Repeats reads (query, get) whose connection broke (connection_lost() of wbem_error.h). Writes and methods are never
/// repeated: nobody knows whether they took effect. Between tries it waits, twice as long each time, and never past the
/// deadline of the call: when the wait does not fit, the last error is the answer. `inner` must outlive it.
class RetrySession final : public CimSession {
  public:
    struct Policy {
        int tries = 3; ///< in all, the first one included
        Deadline::Clock::duration first_wait = std::chrono::milliseconds(200);
    };

    explicit RetrySession(CimSession& inner) : RetrySession(inner, Policy{}) {}
    RetrySession(CimSession& inner, Policy policy) : inner_(inner), policy_(policy) {}

    Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                             const CallContext& context) override;
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) override;
    Result<> put(const cim::Instance& instance, const CallContext& context) override;
    Result<MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                const std::vector<cim::Property>& parameters, const CallContext& context) override;
    [[nodiscard]] std::string host_name() const override { return inner_.host_name(); }

  private:
    template <class Read>
    auto repeated(Read&& read, const CallContext& context, std::string_view what);

    CimSession& inner_;
    Policy policy_;
};

} // namespace exhyperv::host

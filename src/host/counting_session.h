#pragma once

#include "host/cim_session.h"

#include <map>
#include <mutex>

namespace exhyperv::host {

/// Counts the calls that pass through it: how the rule "the number of calls does not grow with the host" is tested.
/// `inner` must outlive it. Thread-safe as `inner` is.
class CountingSession final : public CimSession {
  public:
    struct Counts {
        std::size_t query = 0, get = 0, put = 0, invoke = 0;
        /// The same calls by what they were about: "query Msvm_ComputerSystem", "invoke Msvm_….AddResourceSettings".
        std::map<std::string, std::size_t> by_name;
        [[nodiscard]] std::size_t total() const { return query + get + put + invoke; }
    };

    explicit CountingSession(CimSession& inner) : inner_(inner) {}
    [[nodiscard]] Counts counts() const;
    void reset();

    Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                             const CallContext& context) override;
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) override;
    Result<> put(const cim::Instance& instance, const CallContext& context) override;
    Result<MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                const std::vector<cim::Property>& parameters, const CallContext& context) override;
    [[nodiscard]] std::string host_name() const override { return inner_.host_name(); }

  private:
    void count(std::size_t Counts::*kind, std::string name);

    CimSession& inner_;
    mutable std::mutex guard_;
    Counts counts_;
};

} // namespace exhyperv::host

#pragma once

#include "host/cim_session.h"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace exhyperv::hyperv {

/// A session whose answers a test lays out call by call.
class ScriptedSession final : public host::CimSession {
  public:
    std::deque<Result<cim::Instance>> gets;
    std::function<Result<std::vector<cim::Instance>>(const cim::wql::Query&)> on_query;
    std::deque<Result<host::MethodResult>> invokes;
    std::vector<std::string> invoked;                  ///< method names, in order
    std::vector<std::vector<cim::Property>> arguments; ///< of the same calls

    Result<std::vector<cim::Instance>> query(std::string_view, const cim::wql::Query& query,
                                             const CallContext&) override {
        if (on_query) return on_query(query);
        return std::vector<cim::Instance>{};
    }
    Result<cim::Instance> get(const cim::ObjectPath&, const CallContext&) override {
        if (gets.size() > 1) {
            auto front = std::move(gets.front());
            gets.pop_front();
            return front;
        }
        if (gets.empty()) return fail("cim.not_found");
        return gets.front(); // the last answer stays
    }
    Result<> put(const cim::Instance&, const CallContext&) override { return {}; }
    Result<host::MethodResult> invoke(const cim::ObjectPath&, std::string_view method,
                                      const std::vector<cim::Property>& parameters, const CallContext&) override {
        invoked.emplace_back(method);
        arguments.push_back(parameters);
        if (invokes.empty()) return host::MethodResult{};
        auto front = std::move(invokes.front());
        invokes.pop_front();
        return front;
    }
    [[nodiscard]] std::string host_name() const override { return "HOST"; }
};

} // namespace exhyperv::hyperv

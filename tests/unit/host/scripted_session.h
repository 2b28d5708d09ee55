#pragma once

#include "host/cim_session.h"

#include <deque>
#include <string>
#include <vector>

namespace exhyperv::host {

/// A session that remembers what it was asked and fails as often as it was told to.
class ScriptedSession final : public CimSession {
  public:
    std::deque<Error> failures;     ///< one per call, first to last; then calls succeed
    std::vector<std::string> calls; ///< "query X", "invoke X.M", …

    Result<std::vector<cim::Instance>> query(std::string_view, const cim::wql::Query& query,
                                             const CallContext&) override {
        if (auto failed = next("query " + query.text())) return fail(*failed);
        return std::vector<cim::Instance>{cim::Instance("Row")};
    }
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext&) override {
        if (auto failed = next("get " + path.relative())) return fail(*failed);
        return cim::Instance(path.class_name);
    }
    Result<> put(const cim::Instance& instance, const CallContext&) override {
        if (auto failed = next("put " + instance.class_name())) return fail(*failed);
        return {};
    }
    Result<MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                const std::vector<cim::Property>&, const CallContext&) override {
        if (auto failed = next("invoke " + object.class_name + "." + std::string(method))) return fail(*failed);
        return MethodResult{};
    }
    [[nodiscard]] std::string host_name() const override { return "SCRIPTED"; }

  private:
    std::optional<Error> next(std::string call) {
        calls.push_back(std::move(call));
        if (failures.empty()) return std::nullopt;
        Error error = std::move(failures.front());
        failures.pop_front();
        return error;
    }
};

inline CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

inline cim::ObjectPath path(const char* text) {
    return *cim::ObjectPath::parse(text);
}

} // namespace exhyperv::host

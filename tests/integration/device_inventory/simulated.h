#pragma once

#include "assign/device/inventory.h"
#include "transport/sim/sim_host.h"

#include <memory>
#include <stdexcept>
#include <string>

namespace exhyperv::assign {

inline CallContext in_time() {
    return CallContext::within(std::chrono::minutes(2));
}

/// A host that lives and dies with the object and has no files.
inline std::unique_ptr<host::Host> simulated(const std::string& scenario, const std::string& text = {}) {
    sim::SimOptions options;
    options.scenario = scenario;
    options.scenario_text = text;
    options.in_memory = true;
    options.job_duration = std::chrono::milliseconds(0);
    options.registration_lag = std::chrono::milliseconds(0);
    auto host = sim::make_host(options);
    if (!host) throw std::runtime_error(describe(host.error()));
    return std::move(*host);
}

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

/// The one function whose host name has this part.
inline const DeviceEntry& entry(const DeviceInventory& inventory, const std::string& wanted) {
    return *must(find_device(inventory, wanted));
}

/// "fail reserved": verdict and finding of a check; "–" when it was not made.
inline std::string finding(const DeviceEntry& entry, std::string_view id) {
    const Check* check = entry.check(id);
    return check ? std::string(verdict_name(check->verdict)) + " " +
                       check->evidence.key.substr(check->evidence.key.rfind('.') + 1)
                 : "–";
}

} // namespace exhyperv::assign

#pragma once

#include "transport/sim/sim_host.h"

#include <memory>
#include <stdexcept>
#include <string>

namespace exhyperv::hyperv {

/// A built-in scenario that lives and dies with the object and has no files.
inline std::unique_ptr<host::Host> simulated(const std::string& scenario,
                                             sim::Answers answers = sim::Answers::natural) {
    sim::SimOptions options;
    options.scenario = scenario;
    options.in_memory = true;
    options.answers = answers;
    options.job_duration = std::chrono::milliseconds(0);
    options.registration_lag = std::chrono::milliseconds(0);
    auto host = sim::make_host(options);
    if (!host) throw std::runtime_error(describe(host.error()));
    return std::move(*host);
}

inline CallContext in_time() {
    return CallContext::within(std::chrono::minutes(2));
}

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

} // namespace exhyperv::hyperv

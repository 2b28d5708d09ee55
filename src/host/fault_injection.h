#pragma once

#include "host/fault_script.h"

#include <cstdlib>
#include <string>
#include <utility>

namespace exhyperv::host {

/// Error of a connection that broke during the call named by `what`.
[[nodiscard]] Error lost_connection(std::string_view what);

/// Runs `call` under the fault, if any: delay within the deadline, then refusal, loss or end of the process, before or
/// after the call. return_value and job are the business of the caller.
template <class Call>
auto run_with_fault(const std::optional<FaultAction>& fault, std::string_view what, const CallContext& context,
                    Call&& call) -> decltype(call()) {
    if (!fault) return call();
    if (fault->delay.count() > 0)
        if (auto slept = context.sleep(fault->delay, what); !slept) return tl::unexpected(std::move(slept).error());
    if (fault->kill == FaultMoment::before) std::_Exit(137);
    if (fault->lost == FaultMoment::before) return tl::unexpected(lost_connection(what));
    if (fault->error) return tl::unexpected(*fault->error);
    auto result = call();
    if (fault->kill == FaultMoment::after) std::_Exit(137);
    if (fault->lost == FaultMoment::after) return tl::unexpected(lost_connection(what));
    return result;
}

} // namespace exhyperv::host

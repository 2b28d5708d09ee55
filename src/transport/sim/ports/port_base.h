#pragma once

#include "host/fault_injection.h"
#include "host/fault_script.h"
#include "transport/sim/store/keeper.h"

#include <chrono>

namespace exhyperv::sim {

/// What every port of the simulated host does around a call: latency, deadline, scripted faults. Job faults and return
/// values are the session's business.
struct PortBase {
    Keeper& keeper;
    host::FaultScript script;          ///< of this process
    host::FaultScript scenario_script; ///< of the scenario; its counters live in the world

    template <class Call>
    auto run(const host::FaultCall& call, const CallContext& context, Call&& body)
        -> decltype(body(std::optional<host::FaultAction>{})) {
        if (auto ready = context.check(call.call); !ready) return tl::unexpected(std::move(ready).error());
        auto action = script.next(call);
        if (!action) action = scenario_fault(call, context);
        return host::run_with_fault(action, call.call, context, [&]() -> decltype(body(action)) {
            std::int64_t latency = 0;
            auto asked = keeper.read(context, [&](const World& world, std::int64_t) -> Result<> {
                latency = world.tuning.latency_ms;
                return {};
            });
            if (!asked) return tl::unexpected(std::move(asked).error());
            if (latency > 0)
                if (auto slept = context.sleep(std::chrono::milliseconds(latency), call.call); !slept)
                    return tl::unexpected(std::move(slept).error());
            return body(action);
        });
    }

  private:
    std::optional<host::FaultAction> scenario_fault(const host::FaultCall& call, const CallContext& context);
};

} // namespace exhyperv::sim

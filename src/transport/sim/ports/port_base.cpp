#include "transport/sim/ports/port_base.h"

namespace exhyperv::sim {

std::optional<host::FaultAction> PortBase::scenario_fault(const host::FaultCall& call, const CallContext& context) {
    if (scenario_script.seen().empty()) return std::nullopt;
    std::optional<host::FaultAction> action;
    // The count is written down before anything happens, so that a killed process does not meet the same fault twice.
    auto counted = keeper.change(context, [&](World& world, std::int64_t) -> Result<> {
        scenario_script.set_seen(world.fault_seen);
        action = scenario_script.next(call);
        world.fault_seen = scenario_script.seen();
        return {};
    });
    return counted ? action : std::nullopt;
}

} // namespace exhyperv::sim

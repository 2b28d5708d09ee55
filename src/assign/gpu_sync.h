#pragma once

#include "assign/operations.h"

#include <optional>
#include <string>

namespace exhyperv::assign {

struct GpuSyncRequest {
    std::optional<std::string> vm;           ///< name or GUID; nullopt: every VM
    PowerPolicy power = PowerPolicy::refuse; ///< only with `vm`: VMs are never shut down by the dozen
    drivers::ScopeWish scope;                ///< changes what goes into the guests besides what their cards need
    std::optional<guest::Engine> engine;     ///< who writes into the guests; nullopt: engine_choice.h
    bool when_off = false;                   ///< VMs that are not off are remembered, for when_off.h
    bool forget_waiting = false;             ///< takes VMs off that list, and does nothing else
};

/// Brings the drivers in the guests up to the host's: one import step a card that lags, one purge step a card that is
/// gone from the host and the VM. Without `vm`, VMs that are not off and guests that cannot be written to are named in
/// the checks and left out; with `vm` they speak against the plan. Each guest's import is one commit of its own: when a
/// later one fails, guests that are up to date already stay so. With `when_off` each VM that lags and is not off gets a
/// step that remembers it. Errors: vm.not_found, vm.ambiguous, and what the ports
/// return.
[[nodiscard]] Result<Plan> plan_gpu_sync(const Environment& environment, const GpuSyncRequest& request,
                                         const CallContext& context);

} // namespace exhyperv::assign

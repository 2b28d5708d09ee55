#pragma once

#include "assign/device/inventory.h"
#include "assign/preflight/survey.h"

#include <string>
#include <vector>

namespace exhyperv::assign {

/// What a host's overview tells: a check, and the operation that puts it right where this program can.
struct ReadinessItem {
    Check check;
    /// "": a person has to. "recover": an open operation. Else the operation of a plan: "policy.allow",
    /// "device.recover", "gpu.sync".
    std::string fix;
};

/// Is the host ready for both jobs? Looks at what was read already; changes nothing. `devices` may be null (the host
/// did not tell), `lagging` names the VMs whose driver is not the host's. A `remote` host is seen from another
/// computer: its policies and its guests' drivers were not read, and nothing of it can be put right from here.
[[nodiscard]] std::vector<ReadinessItem> check_readiness(const Survey& survey, const DeviceInventory* devices,
                                                         const std::vector<std::string>& lagging, bool remote = false);

} // namespace exhyperv::assign

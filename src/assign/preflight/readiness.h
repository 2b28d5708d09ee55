#pragma once

#include "assign/device/inventory.h"
#include "assign/preflight/survey.h"
#include "assign/state/guest_record.h"
#include "drivers/drift.h"

#include <map>
#include <optional>
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

/// What this program remembers of the drivers it put into each VM (state/guest_record.h).
using GuestRecords = std::map<Guid, std::vector<GuestRecord>>;
/// How the remembered driver of a card stands to the one the host has now; nullopt when nothing is remembered, which
/// tells nothing: somebody else may have put a driver there.
struct RememberedDriver {
    std::string version;
    drivers::DriftState state = drivers::DriftState::same;
};
[[nodiscard]] std::optional<RememberedDriver> remembered_driver(const GuestRecords& records, const Guid& vm,
                                                                const model::Gpu& gpu);
/// Names of the VMs with a partition of a card whose remembered driver is not the host's any more, in order.
[[nodiscard]] std::vector<std::string> lagging_vms(const Survey& survey, const GuestRecords& records);

/// Is the host ready for both jobs? Looks at what was read already; changes nothing. `devices` may be null (the host
/// did not tell), `lagging` names the VMs whose driver is not the host's. A `remote` host is seen from another
/// computer: its policies and its guests' drivers were not read, and nothing of it can be put right from here.
[[nodiscard]] std::vector<ReadinessItem> check_readiness(const Survey& survey, const DeviceInventory* devices,
                                                         const std::vector<std::string>& lagging, bool remote = false);

} // namespace exhyperv::assign

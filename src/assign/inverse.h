#pragma once

#include "assign/device/transition.h"
#include "assign/host_policy.h"
#include "assign/operations.h"

#include <optional>
#include <variant>

namespace exhyperv::assign {

/// A request that takes a finished operation back.
using InverseRequest =
    std::variant<GpuAddRequest, GpuRemoveRequest, DeviceAssignRequest, DeviceReturnRequest, PolicyRequest>;

/// How the history's "undo" begins: the plan that this request makes is shown and asked about like any other, so that a
/// host that has changed since is found out there. Nothing where taking back makes no sense (a driver update, devices
/// that came from several places) or `plan` does not tell enough.
[[nodiscard]] std::optional<InverseRequest> inverse_of(const Plan& plan);

} // namespace exhyperv::assign

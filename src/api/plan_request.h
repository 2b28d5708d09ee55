#pragma once

#include "assign/device/transition.h"
#include "assign/gpu_sync.h"
#include "assign/host_policy.h"
#include "assign/operations.h"

#include <nlohmann/json_fwd.hpp>

#include <variant>

namespace exhyperv::api {

/// A PlanRequest of schema/openapi.yaml.
using PlanRequest =
    std::variant<assign::GpuAddRequest, assign::GpuRemoveRequest, assign::GpuSyncRequest, assign::DeviceAssignRequest,
                 assign::DeviceReturnRequest, assign::DeviceRecoverRequest, assign::PolicyRequest>;

/// Strict: an unknown field, a wrong type or a missing one is `api.bad_request` {reason} naming it.
[[nodiscard]] Result<PlanRequest> parse_plan_request(const nlohmann::json& body);

/// The PlanRequest that takes a finished operation back; null when there is none.
[[nodiscard]] nlohmann::json undo_request(const assign::Plan& plan);

} // namespace exhyperv::api

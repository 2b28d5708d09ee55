#pragma once

#include "assign/device/transition.h"
#include "assign/gpu_sync.h"
#include "assign/operations.h"

#include <nlohmann/json_fwd.hpp>

#include <variant>

namespace exhyperv::api {

/// A PlanRequest of schema/openapi.yaml.
using PlanRequest = std::variant<assign::GpuAddRequest, assign::GpuRemoveRequest, assign::GpuSyncRequest,
                                 assign::DeviceAssignRequest, assign::DeviceReturnRequest>;

/// Strict: an unknown field, a wrong type or a missing one is `api.bad_request` {reason} naming it.
[[nodiscard]] Result<PlanRequest> parse_plan_request(const nlohmann::json& body);

} // namespace exhyperv::api

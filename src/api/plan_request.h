#pragma once

#include "assign/operations.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <variant>

namespace exhyperv::api {

/// A PlanRequest of schema/openapi.yaml that this program cannot plan (yet): named, so that the answer can say so.
struct UnavailablePlan {
    std::string operation;
};
using PlanRequest = std::variant<assign::GpuAddRequest, assign::GpuRemoveRequest, UnavailablePlan>;

/// Strict: an unknown field, a wrong type or a missing one is `api.bad_request` {reason} naming it.
[[nodiscard]] Result<PlanRequest> parse_plan_request(const nlohmann::json& body);

} // namespace exhyperv::api

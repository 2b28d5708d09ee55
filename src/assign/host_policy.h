#pragma once

#include "assign/operations.h"

namespace exhyperv::assign {

/// The two device assignment policy values of a server host (gpu-and-dda 2.6), on their own: `allow` lets it share
/// ordinary cards, as every gpu.add does where they are missing; `restore` puts back what they were before this program
/// first changed them.
struct PolicyRequest {
    enum class Wish { allow, restore } wish = Wish::allow;
};

/// Reads the host and thinks the change through. Changes nothing. Errors: what the ports return, state.corrupt.
[[nodiscard]] Result<Plan> plan_policy(const Environment& environment, const PolicyRequest& request,
                                       const CallContext& context);

} // namespace exhyperv::assign

#pragma once

#include "assign/preflight/groups.h"
#include "model/gpu.h"
#include "model/vm.h"

#include <nlohmann/json_fwd.hpp>

namespace exhyperv::api {

/// An ImportPreview of schema/openapi.yaml: what giving the card's driver to the VM would write. Lists are bounded;
/// counts and sums are of everything.
[[nodiscard]] nlohmann::json import_preview(const model::Vm& vm, const model::Gpu& gpu,
                                            const assign::GuestSurvey& survey);

} // namespace exhyperv::api

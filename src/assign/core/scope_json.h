#pragma once

#include "drivers/import_scope.h"
#include "support/result.h"

#include <nlohmann/json.hpp>

namespace exhyperv::assign {

/// For journals and records; null when nothing is wished for.
[[nodiscard]] nlohmann::json scope_to_json(const drivers::ScopeWish& wish);
/// Strict: `journal.corrupt`. A null or missing document is no wish.
[[nodiscard]] Result<drivers::ScopeWish> scope_from_json(const nlohmann::json& document);

} // namespace exhyperv::assign

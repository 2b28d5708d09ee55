#pragma once

#include "cim/wql.h"

#include <string>

namespace exhyperv::host {

/// The class a query is about: what it selects from, or what its related objects shall be.
[[nodiscard]] std::string queried_class(const cim::wql::Query& query);

} // namespace exhyperv::host

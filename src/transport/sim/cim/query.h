#pragma once

#include "cim/wql.h"
#include "support/result.h"
#include "transport/sim/cim/family.h"

namespace exhyperv::sim {

/// Answers a query as the provider would: the class and its subclasses of the host's build, nothing else is projected.
/// Errors: cim.invalid_namespace, cim.invalid_class, cim.bad_query.
[[nodiscard]] Result<std::vector<cim::Instance>> run_query(const View& view, std::string_view name_space,
                                                           const cim::wql::Query& query);
/// Errors: as run_query, and cim.not_found.
[[nodiscard]] Result<cim::Instance> get_instance(const View& view, const cim::ObjectPath& path);

/// Does the namespace exist on this host? root\virtualization\v2 comes with the Hyper-V role.
[[nodiscard]] Result<> check_namespace(const View& view, std::string_view name_space);
[[nodiscard]] cim::Instance project(const View& view, const Endpoint& end);

} // namespace exhyperv::sim

#pragma once

#include "transport/sim/cim/configs.h"

namespace exhyperv::sim {

/// The primordial pool of a resource type: Microsoft:<id>\Root.
[[nodiscard]] Guid pool_id(const ResourceType& type);
/// Microsoft:Definition\<id>\Default and its siblings; variant 0 Default, 1 Minimum, 2 Maximum, 3 Increment.
[[nodiscard]] std::string template_id(const ResourceType& type, std::uint32_t variant);
[[nodiscard]] std::optional<Endpoint> template_endpoint(const ResourceType& type, std::uint32_t variant);
[[nodiscard]] bool is_template(const Family& family);

} // namespace exhyperv::sim

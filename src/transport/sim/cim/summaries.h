#pragma once

#include "transport/sim/cim/family.h"

namespace exhyperv::sim {

[[nodiscard]] std::optional<Endpoint> summary_of(const View& view, const Guid& vm);
/// The property a RequestedInformation number means (wmi-facts 1.5); empty: none the simulator knows.
[[nodiscard]] std::string_view summary_property(std::uint32_t requested);

} // namespace exhyperv::sim

#pragma once

#include "transport/sim/sim_host.h"

namespace exhyperv::sim {

[[nodiscard]] std::shared_ptr<const SimClock> system_clock();

} // namespace exhyperv::sim

#pragma once

#include "transport/sim/services/method.h"

namespace exhyperv::sim {

/// What would keep the VM from starting: nothing (code::done), or the failure with its recorded text (wmi-facts 5.4).
[[nodiscard]] Outcome check_start(const Call& call, const Vm& vm);

} // namespace exhyperv::sim

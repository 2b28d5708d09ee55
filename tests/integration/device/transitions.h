#pragma once

#include "world.h"

#include <functional>
#include <vector>

namespace exhyperv::assign {

/// One transition of the table: how its start is reached, and how it is planned.
struct Transition {
    const char* name;
    std::function<void(World&)> prepare;
    std::function<Result<Plan>(World&)> plan;
    /// A reference that leads nowhere can be removed but not be put back.
    bool one_way = false;
};

[[nodiscard]] const std::vector<Transition>& all_transitions();

} // namespace exhyperv::assign

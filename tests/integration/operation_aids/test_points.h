#pragma once

#include "assign/operations.h"

#include <functional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// Every point at which an execution of the plan (or, `undo`, its undoing) can be stopped (assign/core/test_point.h).
[[nodiscard]] std::vector<std::string> points_of(const Plan& plan, bool undo);

/// Runs `work` in a process of its own that dies at `point`. Returns whether it was killed there.
[[nodiscard]] bool killed_at(const std::string& point, const std::function<void()>& work);

/// Lets this process fail at `point` for as long as it lives.
class Injected {
  public:
    explicit Injected(const std::string& point);
    ~Injected();
    Injected(const Injected&) = delete;
    Injected& operator=(const Injected&) = delete;
};

} // namespace exhyperv::assign

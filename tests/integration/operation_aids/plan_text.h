#pragma once

#include "assign/operations.h"

#include <string>
#include <vector>

namespace exhyperv::assign {

[[nodiscard]] CallContext in_time();                    ///< a deadline far enough for a machine under load
[[nodiscard]] std::string all_checks(const Plan& plan); ///< "host.build pass ok\n…", for assertions and messages
[[nodiscard]] const Check* find_check(const Plan& plan, const std::string& id);
[[nodiscard]] std::vector<std::string> step_ids(const Plan& plan);

/// The lines that only one of two snapshots has, at most twenty of them; empty when they are equal.
[[nodiscard]] std::string difference(const std::string& before, const std::string& after);

} // namespace exhyperv::assign

#pragma once

#include "support/result.h"

#include <string>

namespace exhyperv::assign {

/// A named point of an operation, for tests that prove what a failure or a kill leaves behind. Costs two look-ups of
/// the environment, a few times an operation.
///
/// EXHYPERV_KILL_AT=<point>[,<point>…] ends the process here as kill -9 would: nothing is closed, flushed or told.
/// EXHYPERV_FAIL_AT=<point>[,<point>…] fails here with `operation.injected_failure`.
///
/// Points: "operation.begin", "step.<id>.before", "step.<id>.after-intent", "step.<id>.after-run",
/// "step.<id>.after-result", "undo.<id>.before", "undo.<id>.after-run", "undo.<id>.after-result",
/// "operation.before-end", "operation.after-end", "journal.flush" (every line, written and not flushed yet).
[[nodiscard]] Result<> test_point(const std::string& name);

} // namespace exhyperv::assign

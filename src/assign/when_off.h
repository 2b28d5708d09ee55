#pragma once

#include "assign/operations.h"

#include <optional>
#include <string>

namespace exhyperv::assign {

// `gpu sync --when-off`, carried out later by whoever has a clock (the server): VMs that wait are looked at, and the
// first that is off gets its plan, which goes through execute() as any other.

struct DueSync {
    Guid vm;
    Plan plan; ///< imports, and last the step that takes the VM off the list
};

/// The next VM that waits, is off, and whose time has come (`now`: ISO 8601 UTC). On the way VMs that are gone or in
/// step leave the list, blocked ones are put off, and those that have waited for kLongestWaitDays are given up.
[[nodiscard]] Result<std::optional<DueSync>> due_sync(const Environment& environment, const std::string& now,
                                                      const CallContext& context);

/// A try failed: the next one is after 1, 5, 15, 60 minutes, then never. Who cancelled it, or found another operation
/// at work, has not failed.
[[nodiscard]] Result<> note_failed_sync(const Environment& environment, const Guid& vm, const std::string& problem,
                                        const std::string& now);

} // namespace exhyperv::assign

#pragma once

#include "assign/plan.h"
#include "host/host.h"
#include "model/host_facts.h"
#include "support/deadline.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// What the checklist found. For people: `checks`, in the order run. For whoever reads the report: `observations`,
/// English lines of technical detail, without names of VMs, users or the computer and without serial numbers, bounded.
struct SelfTest {
    std::vector<Check> checks;
    std::vector<std::string> observations;
    std::optional<model::HostFacts> facts; ///< nothing when the host did not even say what it is
    [[nodiscard]] bool failed() const;     ///< some check says fail
};

/// Asks the host everything this product ever asks, without changing anything; a question that fails is a failed check,
/// and the next one is asked. Ends early only when the context does: then the rest is missing and the last check says
/// why.
[[nodiscard]] SelfTest run_selftest(host::Host& host, const CallContext& context);

} // namespace exhyperv::assign

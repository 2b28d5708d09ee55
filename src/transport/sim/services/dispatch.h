#pragma once

#include "host/fault_script.h"
#include "transport/sim/services/method.h"

namespace exhyperv::sim {

/// Runs a method call against the world: checks names and types against the class table, refuses what the provider
/// refuses at once, and answers at once or with a job as the world's tuning says. `fault` is what a script says about
/// the call.
[[nodiscard]] Result<host::MethodResult> invoke_method(World& world, std::int64_t now_ms, const DiskProbe& disks,
                                                       const cim::ObjectPath& object, std::string_view method,
                                                       const std::vector<cim::Property>& parameters,
                                                       const std::optional<host::JobFault>& fault);

/// Is there anything whose time has come?
[[nodiscard]] bool has_due(const World& world, std::int64_t now_ms);
/// Finishes jobs that are due, lets guests go off, forgets old jobs.
void advance(World& world, std::int64_t now_ms, const DiskProbe& disks);

} // namespace exhyperv::sim

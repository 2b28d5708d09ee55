#pragma once

#include "app/host_uri.h"
#include "host/host.h"
#include "support/progress.h"

#include <memory>

namespace exhyperv::app {

/// The one place that knows which transports this build has. `app.host_not_supported` for a URI of another build or
/// version.
[[nodiscard]] Result<std::unique_ptr<host::Host>> open_transport(const HostUri& uri, const std::string& data_directory,
                                                                 const ProgressSink& first_use);

/// Would open_transport() know such a host? A simulated one is made in memory, without a file; others are not asked.
/// Errors: sim.unknown_scenario, sim.bad_parameter, sim.bad_scenario, file.*.
[[nodiscard]] Result<> check_scenario(const HostUri& uri);

/// <data directory>/hosts/<host key>: journal, lock and manifest copies of a host.
[[nodiscard]] std::string state_directory(const HostUri& uri, const std::string& data_directory);

} // namespace exhyperv::app

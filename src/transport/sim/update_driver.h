#pragma once

#include "host/host.h"
#include "support/result.h"

#include <string>

namespace exhyperv::sim {

/// Installs another version of the card's driver on a simulated host, behind the provider's back, as Windows Update
/// would: a new package in the driver store beside the old one, the card's registry keys, version and date. Its content
/// differs throughout, as that of a real update. `host` was made by make_host(). Returns the version before. Errors:
/// sim.bad_driver_version {version}, sim.no_driver {card}.
[[nodiscard]] Result<std::string> update_driver(host::Host& host, const std::string& instance_path,
                                                const std::string& version);

} // namespace exhyperv::sim

#pragma once

#include "host/host.h"
#include "support/result.h"

#include <memory>
#include <string>

namespace exhyperv::wmi_com {

struct HostOptions {
    std::string uri = "local:"; ///< what Host::uri() answers
};

/// This Windows machine: its management provider through COM, devices, registry and files by the system's own calls
/// (ports/). Errors: those of ComSession::open().
[[nodiscard]] Result<std::unique_ptr<host::Host>> make_host(const HostOptions& options);

} // namespace exhyperv::wmi_com

#pragma once

#include "host/host.h"
#include "support/result.h"
#include "transport/wmi_com/credentials.h"

#include <memory>
#include <string>

namespace exhyperv::wmi_com {

/// Another Windows machine, to look at: its management provider through DCOM, and what that tells of devices
/// (ports/remote_devices.h). Registry and files refuse (ports/remote_refusals.h). `target.computer` is not empty; `uri`
/// is what Host::uri() answers. Errors: host.not_reached {host}, host.sign_in_refused {host, user}, each with the
/// native code, and those of ComSession::open().
[[nodiscard]] Result<std::unique_ptr<host::Host>> make_remote_host(const Target& target, std::string uri);

} // namespace exhyperv::wmi_com

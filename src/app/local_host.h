#pragma once

#include "app/host_uri.h"
#include "host/host.h"

#include <memory>

namespace exhyperv::app {

/// The machine this program runs on, as `local:`. Only Windows builds have it (local_host_windows.cpp); others refuse
/// with app.host_not_supported {uri} (local_host_elsewhere.cpp). CMake takes the one or the other.
[[nodiscard]] Result<std::unique_ptr<host::Host>> open_local_host(const HostUri& uri);

/// Another Windows machine, as `dcom://`: likewise only from Windows. With a user in the URI, the password is what
/// EXHYPERV_HOST_PASSWORD says. Errors: app.host_not_supported {uri}, app.host_password {host, user}, and those of
/// wmi_com::make_remote_host().
[[nodiscard]] Result<std::unique_ptr<host::Host>> open_remote_host(const HostUri& uri);

} // namespace exhyperv::app

#include "app/local_host.h"
#include "transport/wmi_com/wmi_host.h"

namespace exhyperv::app {

Result<std::unique_ptr<host::Host>> open_local_host(const HostUri& uri) {
    return wmi_com::make_host({.uri = uri.text});
}

std::string default_host_uri() {
    return "local:";
}

} // namespace exhyperv::app

#include "app/local_host.h"

namespace exhyperv::app {

Result<std::unique_ptr<host::Host>> open_local_host(const HostUri& uri) {
    return fail("app.host_not_supported", {{"uri", uri.text}});
}

Result<std::unique_ptr<host::Host>> open_remote_host(const HostUri& uri) {
    return fail("app.host_not_supported", {{"uri", uri.text}});
}

std::string default_host_uri() {
    return "sim:workstation";
}

} // namespace exhyperv::app

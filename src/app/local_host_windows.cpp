#include "app/local_host.h"
#include "platform/process.h"
#include "transport/wmi_com/remote_host.h"
#include "transport/wmi_com/wmi_host.h"

namespace exhyperv::app {

Result<std::unique_ptr<host::Host>> open_local_host(const HostUri& uri) {
    return wmi_com::make_host({.uri = uri.text});
}

Result<std::unique_ptr<host::Host>> open_remote_host(const HostUri& uri) {
    wmi_com::Target target{uri.computer, uri.user, {}};
    if (!uri.user.empty()) {
        auto password = platform::environment("EXHYPERV_HOST_PASSWORD");
        if (!password) return fail("app.host_password", {{"host", uri.computer}, {"user", uri.user}});
        target.password = std::move(*password);
    }
    return wmi_com::make_remote_host(target, uri.text);
}

std::string default_host_uri() {
    return "local:";
}

} // namespace exhyperv::app

#include "transport/wmi_com/remote_host.h"

#include "platform/process.h"
#include "transport/wmi_com/ports/remote_devices.h"
#include "transport/wmi_com/ports/remote_refusals.h"
#include "transport/wmi_com/session.h"

namespace exhyperv::wmi_com {
namespace {

/// DCOM itself gives up after about as long on a machine that does not answer.
constexpr auto kOpenTime = std::chrono::minutes(1);

class RemoteHost final : public host::Host {
  public:
    RemoteHost(std::unique_ptr<ComSession> session, std::string uri)
        : session_(std::move(session)), devices_(*session_), registry_(session_->host_name()), uri_(std::move(uri)) {}

    host::CimSession& cim() override { return *session_; }
    host::HostDevices& devices() override { return devices_; }
    host::HostRegistry& registry() override { return registry_; }
    host::HostFiles& files() override { return files_; }
    [[nodiscard]] std::string uri() const override { return uri_; }
    /// Whatever the rights of the user are over there: from here nothing but the power of VMs is changed.
    [[nodiscard]] bool elevated() const override { return false; }

  private:
    std::unique_ptr<ComSession> session_;
    RemoteDevices devices_;
    RemoteRegistry registry_;
    RemoteFiles files_;
    std::string uri_;
};

/// What a failed connection means when another machine was meant.
Error named(Error error, const Target& target) {
    if (error.code == "session.lost" || error.code == "call.timeout") {
        error.code = "host.not_reached";
        error.args = {{"host", target.computer}};
    } else if (error.code == "cim.access_denied") {
        error.code = "host.sign_in_refused";
        error.args = {{"host", target.computer},
                      {"user", target.user.empty() ? platform::user_and_machine() : target.user}};
    }
    return error;
}

} // namespace

Result<std::unique_ptr<host::Host>> make_remote_host(const Target& target, std::string uri) {
    auto session = ComSession::open(target, CallContext::within(kOpenTime));
    if (!session) return fail(named(std::move(session).error(), target));
    return std::unique_ptr<host::Host>(std::make_unique<RemoteHost>(std::move(*session), std::move(uri)));
}

} // namespace exhyperv::wmi_com

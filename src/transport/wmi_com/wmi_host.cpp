#include "transport/wmi_com/wmi_host.h"

#include "platform/elevation.h"
#include "transport/wmi_com/ports/devices.h"
#include "transport/wmi_com/ports/facts.h"
#include "transport/wmi_com/ports/files.h"
#include "transport/wmi_com/ports/registry.h"
#include "transport/wmi_com/session.h"

namespace exhyperv::wmi_com {
namespace {

/// A management service that does not even let one in for this long is not there.
constexpr auto kOpenTime = std::chrono::minutes(1);

class LocalHost final : public host::Host {
  public:
    LocalHost(std::unique_ptr<ComSession> session, std::string uri)
        : session_(std::move(session)), devices_(make_devices()), registry_(make_registry()), files_(make_files()),
          uri_(std::move(uri)) {}

    host::CimSession& cim() override { return *session_; }
    host::HostDevices& devices() override { return *devices_; }
    host::HostRegistry& registry() override { return *registry_; }
    host::HostFiles& files() override { return *files_; }
    [[nodiscard]] std::string uri() const override { return uri_; }
    [[nodiscard]] bool elevated() const override { return platform::elevated(); }
    [[nodiscard]] std::optional<std::uint32_t> physical_address_bits() const override {
        return wmi_com::physical_address_bits();
    }

  private:
    std::unique_ptr<ComSession> session_;
    std::unique_ptr<host::HostDevices> devices_;
    std::unique_ptr<host::HostRegistry> registry_;
    std::unique_ptr<host::HostFiles> files_;
    std::string uri_;
};

} // namespace

Result<std::unique_ptr<host::Host>> make_host(const HostOptions& options) {
    TRY_ASSIGN(auto session, ComSession::open(Target{}, CallContext::within(kOpenTime)));
    return std::unique_ptr<host::Host>(std::make_unique<LocalHost>(std::move(session), options.uri));
}

} // namespace exhyperv::wmi_com

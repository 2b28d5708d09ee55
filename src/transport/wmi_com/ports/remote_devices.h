#pragma once

#include "host/cim_session.h"
#include "host/devices.h"

namespace exhyperv::wmi_com {

/// Device nodes of another machine, as far as its management provider tells them: Configuration Manager does not answer
/// from afar. Only looking, and only at present nodes: their name, class, service, manufacturer and problem
/// (Win32_PnPEntity), and the drivers of graphics cards (Win32_VideoController). One query a list, two when drivers are
/// asked for.
///
/// Not to be had are location paths, base classes, resources, phantoms and whatever else only the device tree knows. A
/// list that asks for one thing that can be had leaves the others unknown; one that asks only for what cannot be had is
/// refused, since an empty answer would look like "there is none". Refused likewise: disks, and every change. Errors:
/// host.devices_not_local {host}, and those of the session. Thread-safe as the session is.
class RemoteDevices final : public host::HostDevices {
  public:
    explicit RemoteDevices(host::CimSession& session) : session_(session) {}

    Result<std::vector<host::DeviceRecord>> list(const host::DeviceQuery& query, const CallContext& context) override;
    Result<> disable(const std::string& instance_path, const CallContext& context) override;
    Result<> enable(const std::string& instance_path, const CallContext& context) override;
    Result<std::vector<Disk>> disks(const CallContext& context) override;
    Result<> set_disk_online(std::uint32_t number, bool online, const CallContext& context) override;

  private:
    [[nodiscard]] tl::unexpected<Error> refusal() const;

    host::CimSession& session_;
};

} // namespace exhyperv::wmi_com

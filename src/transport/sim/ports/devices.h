#pragma once

#include "host/devices.h"
#include "transport/sim/ports/port_base.h"

namespace exhyperv::sim {

/// Configuration Manager of the simulated host.
class SimDevices final : public host::HostDevices {
  public:
    explicit SimDevices(PortBase& base) : base_(base) {}
    Result<std::vector<host::DeviceRecord>> list(const host::DeviceQuery& query, const CallContext& context) override;
    Result<> disable(const std::string& instance_path, const CallContext& context) override;
    Result<> enable(const std::string& instance_path, const CallContext& context) override;
    Result<std::vector<Disk>> disks(const CallContext& context) override;
    Result<> set_disk_online(std::uint32_t number, bool online, const CallContext& context) override;

  private:
    Result<> set_enabled(const std::string& instance_path, bool enabled, const CallContext& context);
    PortBase& base_;
};

} // namespace exhyperv::sim

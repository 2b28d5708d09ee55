#pragma once

#include "host/devices.h"
#include "host/registry.h"
#include "transport/wmi_com/ports/config_manager.h"
#include "transport/wmi_com/ports/disk_access.h"

#include <memory>

namespace exhyperv::wmi_com {

/// HostDevices over Configuration Manager. A disabled device stays disabled until it is enabled or the host restarts,
/// never longer: an operation that is cut off must not cost a device. Bounded: `device.configuration_failed` when an
/// answer keeps growing or is larger than any machine's.
class ConfigDevices final : public host::HostDevices {
  public:
    ConfigDevices(std::unique_ptr<ConfigManager> manager, std::unique_ptr<DiskAccess> disks,
                  std::unique_ptr<host::HostRegistry> registry);
    Result<std::vector<host::DeviceRecord>> list(const host::DeviceQuery& query, const CallContext& context) override;
    Result<> disable(const std::string& instance_path, const CallContext& context) override;
    Result<> enable(const std::string& instance_path, const CallContext& context) override;
    Result<std::vector<Disk>> disks(const CallContext& context) override;
    Result<> set_disk_online(std::uint32_t number, bool online, const CallContext& context) override;

  private:
    Result<> set_enabled(const std::string& instance_path, bool enabled, const CallContext& context);

    std::unique_ptr<ConfigManager> manager_;
    std::unique_ptr<DiskAccess> disks_;
    std::unique_ptr<host::HostRegistry> registry_;
};

} // namespace exhyperv::wmi_com

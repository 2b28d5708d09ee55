#include "transport/wmi_com/ports/config_devices.h"
#include "transport/wmi_com/ports/devices.h"
#include "transport/wmi_com/ports/registry.h"
#include "transport/wmi_com/ports/win_config_manager.h"
#include "transport/wmi_com/ports/win_disk_access.h"

namespace exhyperv::wmi_com {

std::unique_ptr<host::HostDevices> make_devices() {
    return std::make_unique<ConfigDevices>(make_config_manager(), make_disk_access(), make_registry());
}

} // namespace exhyperv::wmi_com

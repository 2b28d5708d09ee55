#pragma once

#include "host/devices.h"
#include "host/registry.h"
#include "transport/wmi_com/ports/disk_access.h"

namespace exhyperv::wmi_com {

/// Marks the disks Windows stands on: boot (holds the Windows directory), system (holds the boot loader,
/// HKLM\SYSTEM\Setup SystemPartition), paging (holds a page file in use). Read, never guessed:
/// `host.system_disk_unknown` when Windows does not name the system partition; errors of the parts otherwise.
[[nodiscard]] Result<> add_roles(std::vector<host::HostDevices::Disk>& disks, DiskAccess& access,
                                 host::HostRegistry& registry, const CallContext& context);

/// "\??\C:\pagefile.sys" → "\\.\C:"; nothing for what is not on a drive with a letter.
[[nodiscard]] std::optional<std::string> volume_of_page_file(std::string_view path);

} // namespace exhyperv::wmi_com

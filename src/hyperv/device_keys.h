#pragma once

#include "host/devices.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::hyperv::device_key {

// DEVPKEYs this product reads (wmi-facts 1.11).
inline const host::PropertyKey kDeviceDesc{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 2};
inline const host::PropertyKey kService{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 6};
inline const host::PropertyKey kClass{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 9};
inline const host::PropertyKey kManufacturer{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 13};
inline const host::PropertyKey kFriendlyName{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 14};
inline const host::PropertyKey kBusNumber{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 23};
inline const host::PropertyKey kAddress{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 30}; ///< device << 16 | function
inline const host::PropertyKey kLocationPaths{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 37};
inline const host::PropertyKey kDriverDate{"A8B865DD-2E3D-4094-AD97-E593A70C75D6", 2};
inline const host::PropertyKey kDriverVersion{"A8B865DD-2E3D-4094-AD97-E593A70C75D6", 3};
inline const host::PropertyKey kDriverInf{"A8B865DD-2E3D-4094-AD97-E593A70C75D6", 5};
/// The adapter's LUID of this start of Windows, by which performance counters name it. Undocumented, used by many
/// tools.
inline const host::PropertyKey kGpuLuid{"60B193CB-5276-4D0F-96FC-F173ABAD3EC6", 2};
inline const host::PropertyKey kParent{"4340A6C5-93FA-4706-972C-7B648008A5A7", 8};
inline const host::PropertyKey kPciDeviceType{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 1};
inline const host::PropertyKey kPciBaseClass{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 3};
inline const host::PropertyKey kPciSubClass{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 4};
inline const host::PropertyKey kPciProgIf{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 5};
inline const host::PropertyKey kPciInterruptSupport{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 14};
inline const host::PropertyKey kPciBarTypes{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 16};
inline const host::PropertyKey kPciAcsUp{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 31};
inline const host::PropertyKey kPciReservedMemory{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 34};

/// Text of a property, "" when the device does not have it.
[[nodiscard]] std::string text(const host::DeviceNode& node, const host::PropertyKey& key);
/// Number of a property (a boolean counts as 0 or 1); nothing when the device does not have it, which means unknown.
[[nodiscard]] std::optional<std::uint64_t> number(const host::DeviceNode& node, const host::PropertyKey& key);
/// FriendlyName, else DeviceDesc, else the instance path.
[[nodiscard]] std::string display_name(const host::DeviceNode& node);
/// The location path that starts with PCIROOT, else the first, else "".
[[nodiscard]] std::string location_path(const host::DeviceNode& node);

} // namespace exhyperv::hyperv::device_key

#pragma once

#include "support/guid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::model {

/// Where an assignable device is (design: the DDA state machine).
enum class PlaceKind : std::uint8_t { host, host_disabled, dismounted, vm, stale_reference };
[[nodiscard]] std::string_view
place_kind_name(PlaceKind kind); ///< "host", "host-disabled", "dismounted", "vm", "stale"

struct Place {
    PlaceKind kind = PlaceKind::host;
    Guid vm_id; ///< vm and stale_reference
    bool operator==(const Place&) const = default;
};

/// Base address registers the device was given, as ranges.
struct PciBar {
    std::uint64_t size = 0;
    bool prefetchable = false;
    bool above_4g = false; ///< lies (or may lie) in the high MMIO gap
};

/// A PCI function of the host, in whatever place. `pure_id` is the instance path without PCI\ or PCIP\.
struct PciDevice {
    std::string pure_id; ///< VEN_10DE&DEV_2786&SUBSYS_…\4&…: equal for the PCI\ and PCIP\ twin
    std::string instance_path;
    std::string location_path; ///< PCIROOT(0)#PCI(0100)#PCI(0000)
    std::string name, manufacturer, device_class, service;
    std::uint16_t vendor_id = 0, device_id = 0;
    std::optional<std::uint8_t> base_class, sub_class, prog_if;
    std::uint32_t problem = 0;
    Place place;
    std::vector<PciBar> bars;
    std::string setting_path; ///< object path of the VM's Msvm_PciExpressSettingData, when assigned
    std::string express_path; ///< object path of the host's Msvm_PciExpress row, when dismounted or assigned
};

} // namespace exhyperv::model

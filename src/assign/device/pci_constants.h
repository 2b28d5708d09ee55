#pragma once

#include <cstdint>
#include <string_view>

namespace exhyperv::assign::pci {

// Values of the PCI bus driver's device properties (pciprop.h; wmi-facts 1.11 and chapter 3).

/// DEVPKEY_PciDevice_DeviceType.
enum DeviceType : std::uint32_t {
    conventional = 0,
    pci_x = 1,
    express_endpoint = 2,
    legacy_endpoint = 3,
    root_complex_endpoint = 4,
    treated_as_pci = 5,
    conventional_bridge = 6,
    pci_x_bridge = 7,
    root_port = 8,
    upstream_port = 9,
    downstream_port = 10,
    express_to_pci_x_bridge = 11,
    pci_x_to_express_bridge = 12,
    bridge_treated_as_pci = 13,
    event_collector = 14,
};
[[nodiscard]] std::string_view device_type_name(std::uint32_t type); ///< "" for an unknown one

/// DEVPKEY_PciDevice_AcsCompatibleUpHierarchy. Everything but not_supported keeps a device's traffic its own.
enum AcsUpHierarchy : std::uint32_t {
    acs_not_supported = 0,
    acs_single_function = 1,
    acs_no_p2p = 2,
    acs_supported = 3,
    acs_enhanced = 4,
};
[[nodiscard]] std::string_view acs_name(std::uint32_t value); ///< "" for an unknown one

/// DEVPKEY_PciDevice_InterruptSupport, a bit mask.
inline constexpr std::uint32_t kInterruptLine = 1, kInterruptMsi = 2, kInterruptMsiX = 4;

/// DEVPKEY_PciDevice_BarTypes: four counts, a byte each.
struct BarCounts {
    std::uint32_t io, memory, prefetchable32, prefetchable64;
    [[nodiscard]] std::uint32_t all_memory() const { return memory + prefetchable32 + prefetchable64; }
};
[[nodiscard]] constexpr BarCounts bar_counts(std::uint32_t types) {
    return {types & 0xFF, types >> 8 & 0xFF, types >> 16 & 0xFF, types >> 24 & 0xFF};
}

/// PCI base classes.
inline constexpr std::uint8_t kStorageClass = 0x01, kNetworkClass = 0x02, kDisplayClass = 0x03, kBridgeClass = 0x06;

/// Problem codes of Configuration Manager (CM_PROB_*).
inline constexpr std::uint32_t kProblemDisabled = 22, kProblemPhantom = 45;

inline constexpr std::uint64_t kFourGiB = std::uint64_t{1} << 32;

} // namespace exhyperv::assign::pci

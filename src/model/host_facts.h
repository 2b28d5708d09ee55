#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::model {

enum class ProductType : std::uint8_t { workstation = 1, domain_controller = 2, server = 3 };

/// What the host says of itself. Absent = could not be read: unknown, never "no".
struct HostFacts {
    std::string computer_name;
    std::uint32_t build = 0;
    std::string os_name; ///< "Microsoft Windows 11 Pro"
    ProductType product_type = ProductType::workstation;
    std::uint32_t sku = 0;
    std::optional<bool> hyperv_service_running;
    std::optional<bool> iov_support;
    std::vector<std::string> iov_reasons;
    std::optional<bool> dma_protection; ///< Win32_DeviceGuard AvailableSecurityProperties has 3
    std::optional<std::uint32_t> physical_address_bits;
    /// HKLM\SOFTWARE\Policies\Microsoft\Windows\HyperV: absent = value not set
    std::optional<std::uint32_t> require_secure_device_assignment;
    std::optional<std::uint32_t> require_supported_device_assignment;
    bool elevated = false;
    [[nodiscard]] bool server() const { return product_type != ProductType::workstation; }
};

/// WDDM version by Windows build (design §4): "3.2" for 26100; "" below 17134 (no GPU-PV in the guest).
[[nodiscard]] std::string_view wddm_of_build(std::uint32_t build);

} // namespace exhyperv::model

#pragma once

#include "support/deadline.h"
#include "support/guid.h"
#include "support/result.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace exhyperv::host {

/// A DEVPROPKEY: format id and property id (wmi-facts 1.11).
struct PropertyKey {
    std::string format_id; ///< GUID text, upper case, no braces
    std::uint32_t id = 0;
    auto operator<=>(const PropertyKey&) const = default;
};

using PropertyValue = std::variant<bool, std::uint64_t, std::string, std::vector<std::string>>;

struct DeviceProperty {
    PropertyKey key;
    PropertyValue value;
};

/// One device node (devnode) as Configuration Manager shows it.
struct DeviceNode {
    std::string instance_path;              ///< PCI\VEN_10DE&DEV_2684&…\4&…
    bool present = false;                   ///< false: phantom
    std::uint32_t problem = 0;              ///< CM_PROB_* (22 disabled, 45 phantom, 43 …); 0 = none
    std::vector<DeviceProperty> properties; ///< those asked for that exist; a missing one means "unknown", never "no"

    [[nodiscard]] const PropertyValue* property(const PropertyKey& key) const;
};

/// A resource the device was given: wmi-facts chapter 3, steps 6 and 7.
struct DeviceResources {
    std::vector<std::int64_t> interrupts;                        ///< negative = message-based
    std::vector<std::pair<std::uint64_t, std::uint64_t>> memory; ///< start, end (inclusive)
};

struct DeviceQuery {
    std::vector<std::string> instance_prefixes; ///< e.g. {"PCI\\", "PCIP\\"}; empty = all
    bool phantoms = true;
    std::vector<PropertyKey> properties;
    bool resources = false;
};

struct DeviceRecord {
    DeviceNode node;
    DeviceResources resources; ///< empty unless asked for
};

/// Device nodes of the host. One round trip a call. Thread-safe.
class HostDevices {
  public:
    virtual ~HostDevices() = default;
    virtual Result<std::vector<DeviceRecord>> list(const DeviceQuery& query, const CallContext& context) = 0;
    /// Errors: device.not_found, device.not_disableable (CR 0x28), device.access_denied, each with the argument
    /// `device`.
    virtual Result<> disable(const std::string& instance_path, const CallContext& context) = 0;
    virtual Result<> enable(const std::string& instance_path, const CallContext& context) = 0;
    /// Disks behind a storage controller.
    struct Disk {
        std::uint32_t number = 0;
        std::string name;
        std::string parent_instance_path;
        bool system = false, boot = false, paging = false, online = true;
    };
    virtual Result<std::vector<Disk>> disks(const CallContext& context) = 0;
    virtual Result<> set_disk_online(std::uint32_t number, bool online, const CallContext& context) = 0;
};

} // namespace exhyperv::host

#pragma once

#include "host/devices.h"
#include "transport/wmi_com/ports/config_manager.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::wmi_com {

// Single questions to Configuration Manager: buffers grown a bounded number of times, numbers mapped.

[[nodiscard]] Result<std::vector<std::string>> all_instance_paths(ConfigManager& manager);
[[nodiscard]] Result<std::vector<std::string>> disk_interface_paths(ConfigManager& manager);
/// Instance path of the device behind an interface.
[[nodiscard]] Result<std::string> instance_of_interface(ConfigManager& manager, const std::string& interface_path);

struct FoundNode {
    ConfigManager::Node node = 0;
    bool present = false;
};
/// Nothing when the node went away or is not remembered.
[[nodiscard]] Result<std::optional<FoundNode>> find_node(ConfigManager& manager, const std::string& instance_path);
/// CM_PROB_* of a node: 0 none; a phantom has 45.
[[nodiscard]] Result<std::uint32_t> problem_of(ConfigManager& manager, const FoundNode& node,
                                               const std::string& instance_path);
/// Nothing when the node does not have the property, or has it in a form this product does not know.
[[nodiscard]] Result<std::optional<host::PropertyValue>> read_property(ConfigManager& manager, ConfigManager::Node node,
                                                                       const host::PropertyKey& key,
                                                                       const std::string& instance_path);
[[nodiscard]] Result<host::DeviceResources> resources_of(ConfigManager& manager, ConfigManager::Node node,
                                                         const std::string& instance_path);

} // namespace exhyperv::wmi_com

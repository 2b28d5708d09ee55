#pragma once

#include "assign/device/inventory.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace exhyperv::assign {

/// The device tree below the PCI functions, by the Parent property. Built once, asked for each function.
class DeviceTree {
  public:
    DeviceTree(const std::vector<host::DeviceRecord>& nodes, const std::vector<host::HostDevices::Disk>& disks);

    /// Present nodes below, nearest first, down to other PCI functions; then the disks of a controller that have no
    /// node of their own in the list.
    [[nodiscard]] std::vector<DeviceChild> below(const std::string& instance_path) const;
    /// Instance path of the node above, "" when there is none or the host does not tell.
    [[nodiscard]] std::string parent(const std::string& instance_path) const;

  private:
    std::unordered_map<std::string, std::vector<const host::DeviceNode*>> children_; ///< by upper-case parent path
    std::unordered_map<std::string, std::string> parents_;                           ///< upper-case path → parent
    const std::vector<host::HostDevices::Disk>& disks_;
};

} // namespace exhyperv::assign

#pragma once

#include "transport/sim/world/world.h"

#include <functional>

namespace exhyperv::sim {

/// A device node of the host as Configuration Manager shows it: of a PCI function (its PCI\ node or its PCIP\ twin) or
/// another.
struct Node {
    std::string instance_path;
    bool present = false;
    std::uint32_t problem = 0;
    const PciFunction* function = nullptr;
    bool twin = false;
    const OtherNode* other = nullptr;
};

/// All nodes, phantoms included. Return false to stop.
void each_node(const World& world, const std::function<bool(const Node&)>& visit);

/// What both Win32_PnPEntity and Configuration Manager say of a node.
struct NodeText {
    std::string name, manufacturer, device_class, class_guid, service, parent;
};
[[nodiscard]] NodeText describe_node(const Node& node);
/// PCI\VEN_10DE&DEV_2786&SUBSYS_…&REV_A1 and shorter, most exact first. Empty for what is not PCI.
[[nodiscard]] std::vector<std::string> hardware_ids(const Node& node);

} // namespace exhyperv::sim

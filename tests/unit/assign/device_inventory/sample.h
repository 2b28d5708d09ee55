#pragma once

#include "assign/device/inventory.h"
#include "assign/device/pci_constants.h"

#include <string>

namespace exhyperv::assign {

/// A function that answers every question of the survey well: a PCI Express endpoint on the host.
inline DeviceEntry sample_entry(std::string id = "VEN_10DE&DEV_2786\\4&1",
                                std::string name = "NVIDIA GeForce RTX 4070") {
    DeviceEntry entry;
    entry.device.pure_id = std::move(id);
    entry.device.instance_path = "PCI\\" + entry.device.pure_id;
    entry.device.location_path = "PCIROOT(0)#PCI(0100)#PCI(0000)";
    entry.device.name = std::move(name);
    entry.device.service = "nvlddmkm";
    entry.device.device_class = "Display";
    entry.device.bars = {{16u << 20, false, false}, {256u << 20, true, true}};
    entry.is_display = true;
    entry.address = PciAddress{1, 0, 0};
    entry.capabilities.device_type = pci::express_endpoint;
    entry.capabilities.acs_up_hierarchy = pci::acs_supported;
    entry.capabilities.interrupt_support = pci::kInterruptMsi;
    entry.capabilities.reserved_memory = false;
    entry.capabilities.resources_known = true;
    entry.capabilities.message_interrupts = 1;
    return entry;
}

inline DeviceChild sample_child(ChildKind kind, std::string name) {
    DeviceChild child;
    child.kind = kind;
    child.name = std::move(name);
    return child;
}

} // namespace exhyperv::assign

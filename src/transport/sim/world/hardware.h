#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace exhyperv::sim {

namespace problem {
inline constexpr std::uint32_t none = 0, disabled = 22, not_present = 24, phantom = 45;
}

/// The device node PCIP\… that stands for a dismounted function.
enum class Twin : std::uint8_t { never, present, phantom };

/// What a network controller is used for: nothing (no cable), an address, the host's way to other networks, or a
/// virtual switch whose host port has the address.
enum class NetworkUse : std::uint8_t { unplugged, address, gateway, virtual_switch };

/// A PCI function of the host with what the survey of wmi-facts chapter 3 looks at. An absent optional: the property
/// does not exist on the node, which means unknown, not "no".
struct PciFunction {
    std::string pure_id; ///< VEN_10DE&DEV_2786&SUBSYS_…&REV_A1\4&…: instance path without PCI\ or PCIP\.
    std::string name, manufacturer, device_class, class_guid, service, parent;
    std::string location_path, acpi_path;
    std::uint32_t bus = 0, device = 0, function = 0;
    std::string inf, driver_version, driver_date, driver_key; ///< oem12.inf; {class}\0001
    std::uint64_t vram_bytes = 0;

    // State.
    bool gone = false;         ///< the card is not in the machine any more: every node is a phantom
    bool node_phantom = false; ///< PCI\ node not present (dismounted)
    std::uint32_t problem = 0; ///< CM_PROB_* of the present PCI\ node
    Twin twin = Twin::never;
    std::int64_t registered_ms = 0; ///< from then on Msvm_PciExpress lists the function; 0: not dismounted

    // What it can do.
    std::optional<std::uint32_t> device_type, acs_compatible, acs_support, base_class, sub_class, prog_if,
        interrupt_support, interrupt_messages, bar_types, sriov_support, d3_cold;
    std::optional<bool> reserved_memory;
    std::vector<std::int64_t> interrupts; ///< negative: message-based
    std::vector<std::pair<std::uint64_t, std::uint64_t>> memory;
    bool can_disable = true;
    bool has_mitigations = false; ///< the maker supplied directives for safe pass-through (RequireDeviceMitigations)
    bool os_controls_pcie = true; ///< _OSC gave the operating system the PCI Express bus
    bool mount_returns_disabled = true;
    NetworkUse network = NetworkUse::unplugged;
    bool isolated = true; ///< the hypervisor can isolate it (ACS on the way up, interrupt remapping)

    template <class A>
    void fields(A& a) {
        a(pure_id, name, manufacturer, device_class, class_guid, service, parent, location_path, acpi_path, bus, device,
          function, inf, driver_version, driver_date, driver_key, vram_bytes, gone, node_phantom, problem, twin,
          registered_ms, device_type, acs_compatible, acs_support, base_class, sub_class, prog_if, interrupt_support,
          interrupt_messages, bar_types, sriov_support, d3_cold, reserved_memory, interrupts, memory, can_disable,
          has_mitigations, os_controls_pcie, mount_returns_disabled, network, isolated);
    }
    [[nodiscard]] std::string instance_path() const { return "PCI\\" + pure_id; }
    [[nodiscard]] std::string twin_path() const { return "PCIP\\" + pure_id; }
    [[nodiscard]] bool dismounted() const { return twin == Twin::present && !gone; }
    [[nodiscard]] bool on_host() const { return !gone && !node_phantom; }
};

/// Any other node: USB devices, disks, sound endpoints, software devices.
struct OtherNode {
    std::string instance_path, name, manufacturer, device_class, class_guid, service, parent;
    bool present = true;
    std::uint32_t problem = 0;
    template <class A>
    void fields(A& a) {
        a(instance_path, name, manufacturer, device_class, class_guid, service, parent, present, problem);
    }
};

struct HostDisk {
    std::uint32_t number = 0;
    std::string name, parent; ///< parent: instance path of the storage controller
    std::uint64_t size = 0;
    bool system = false, boot = false, paging = false, online = true;
    template <class A>
    void fields(A& a) {
        a(number, name, parent, size, system, boot, paging, online);
    }
};

struct Amounts {
    std::uint64_t total = 0, available = 0, min = 0, max = 0, optimal = 0;
    template <class A>
    void fields(A& a) {
        a(total, available, min, max, optimal);
    }
};

/// Msvm_PartitionableGpu. The row is there while the function is on the host, enabled and without a problem.
struct Gpu {
    std::string interface_path; ///< Msvm_PartitionableGpu.Name
    std::string function;       ///< pure id
    std::vector<std::uint16_t> valid_counts{32};
    std::uint16_t partition_count = 32;
    Amounts vram, encode, decode, compute;
    bool sriov = false;          ///< reports unique RID and ACS: allowed on a server without the policy values
    bool encode_all_ones = true; ///< encode amounts other than all ones are refused at Modify
    bool live_migration = false;
    template <class A>
    void fields(A& a) {
        a(interface_path, function, valid_counts, partition_count, vram, encode, decode, compute, sriov,
          encode_all_ones, live_migration);
    }
};

} // namespace exhyperv::sim

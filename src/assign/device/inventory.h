#pragma once

#include "assign/plan.h"
#include "host/host.h"
#include "model/host_facts.h"
#include "model/pci_device.h"
#include "support/deadline.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::assign {

/// Can the function be handed to a VM? `warning`: yes, but some evidence says what to think of first. `unknown`: the
/// host does not tell enough (a disabled device, a property that does not exist); an attempt is allowed.
enum class Assignability : std::uint8_t { yes, warning, no, unknown };
[[nodiscard]] std::string_view assignability_name(Assignability verdict); ///< "yes", "warning", "no", "unknown"

enum class ChildKind : std::uint8_t { hub, disk, keyboard, mouse, display, network, audio, other };
[[nodiscard]] std::string_view child_kind_name(ChildKind kind);

/// A node below a PCI function, at any depth, that is not a PCI function itself: what leaves the host with it.
struct DeviceChild {
    std::string name, device_class, instance_path;
    std::uint32_t depth = 1; ///< 1: directly below the function
    ChildKind kind = ChildKind::other;
    bool usb_display = false; ///< a USB graphics adapter (DisplayLink, Silicon Motion)
    // A disk.
    std::optional<std::uint32_t> disk_number;
    bool system = false, boot = false, paging = false, online = true;
};

/// What people found out about a card (data/compatibility.json). Each answer has its source in `source`.
struct CompatibilityRow {
    enum class Answer : std::uint8_t { unknown, yes, no, conditional };
    std::string card;                              ///< "NVIDIA GeForce RTX 4070"
    std::vector<std::string> ids;                  ///< "10DE:2786": vendor and device; the first is the usual one
    Answer identified = Answer::unknown;           ///< the guest recognises it and its driver starts
    Answer function_level_reset = Answer::unknown; ///< no: restarting the VM can restart the host
    Answer display_output = Answer::unknown;       ///< the card's own connectors give a picture
    std::string note_en, note_zh;                  ///< the condition, "" when there is none
    std::string source;
};
[[nodiscard]] std::string_view answer_name(CompatibilityRow::Answer answer); ///< "unknown", "yes", "no", "conditional"

struct PciAddress {
    std::uint32_t bus = 0, device = 0, function = 0;
    [[nodiscard]] std::string text() const; ///< "01:00.0"
};

/// AcsCompatibleUpHierarchy and the like are in the evidence; these are for rules.
struct DeviceCapabilities {
    std::optional<std::uint32_t> device_type;       ///< DEVPKEY_PciDevice_DeviceType
    std::optional<std::uint32_t> acs_up_hierarchy;  ///< DEVPKEY_PciDevice_AcsCompatibleUpHierarchy
    std::optional<std::uint32_t> interrupt_support; ///< bit mask: 1 line, 2 MSI, 4 MSI-X
    std::optional<std::uint32_t> bar_types;         ///< DEVPKEY_PciDevice_BarTypes
    std::optional<bool> reserved_memory;            ///< DEVPKEY_PciDevice_RequiresReservedMemoryRegion
    std::optional<bool> function_level_reset;       ///< from the compatibility table only: the host does not tell
    bool resources_known = false;                   ///< device.bars and interrupts were read (not of a disabled one)
    std::uint32_t message_interrupts = 0, line_interrupts = 0;
};

/// A PCI function with everything a person or a planner asks about it.
///
/// `evidence` holds, of these ids, those that apply. The survey: device.present, device.place, device.reserved_memory,
/// device.acs, device.type, device.enabled, device.interrupts, device.memory, device.problem. What taking it away
/// means: device.last_display (fail), device.disks (fail: system, boot or paging disk; warn: others go offline),
/// device.connection (warn), device.input (warn: keyboard or mouse), device.gpu_partitions (fail), device.reset
/// (warn), device.reference (warn: a VM still names a function that is with the host).
struct DeviceEntry {
    model::PciDevice device;
    std::string vendor_name, device_name; ///< PCI ids database; "" when it does not know or is not installed
    std::optional<PciAddress> address;
    std::string driver_version, driver_date, driver_inf;
    std::string parent_path; ///< instance path of the node above
    Assignability verdict = Assignability::unknown;
    std::vector<Check> evidence;
    std::vector<DeviceChild> children;
    std::vector<std::string> companions; ///< pure ids of the other functions of the same slot
    std::string pass_instead; ///< pure id of the function above it that can be passed, when this one cannot; or ""
    std::optional<CompatibilityRow> compatibility;
    DeviceCapabilities capabilities;
    bool is_bridge = false;
    bool is_display = false;
    bool is_last_display = false; ///< no other working display adapter would be left on the host
    std::optional<bool>
        carries_connection_in_use;    ///< network controllers; no value: not one, or the host does not tell
    std::uint32_t gpu_partitions = 0; ///< partitions of this card in VMs

    /// The name people know: the host's own, with the database's where the host's says nothing ("Standard NVM Express
    /// Controller", "High Definition Audio Controller").
    [[nodiscard]] std::string display_name() const;
    [[nodiscard]] std::uint64_t mmio_bytes() const; ///< sum of the BARs
    [[nodiscard]] const Check* check(std::string_view id) const;
};

struct DeviceInventory {
    std::vector<DeviceEntry> devices; ///< by location path
    std::vector<Check> host_checks;   ///< device.host.edition, device.host.iommu: would any VM with a device start?
    model::HostFacts facts;
    std::map<Guid, std::string> vm_names;

    [[nodiscard]] const DeviceEntry* find(std::string_view pure_id) const;
    [[nodiscard]] std::string vm_name(const Guid& id) const; ///< the GUID when there is no such VM
};

/// Reads the host in a constant number of round trips, whatever the number of VMs and devices: device nodes, disks,
/// Msvm_PciExpress, Msvm_PciExpressSettingData, VM names, cards and partitions, network, host facts. A part that an
/// old build lacks is left unknown. Errors: what the ports return.
[[nodiscard]] Result<DeviceInventory> list_device_inventory(host::Host& host, const CallContext& context);

/// The function a person means: pure id, instance path (PCI\ or PCIP\), location path, whole name, else a part of a
/// name. Errors: device.unknown {device, near}, device.ambiguous {device, paths}, device.is_child {device, name,
/// controller, id}: it names something that hangs on a function; that function is what can be passed.
[[nodiscard]] Result<const DeviceEntry*> find_device(const DeviceInventory& inventory, std::string_view wanted);

} // namespace exhyperv::assign

#include "assign/device/inventory.h"

#include "assign/device/children.h"
#include "assign/device/compatibility.h"
#include "assign/device/pci_constants.h"
#include "assign/device/pci_ids.h"
#include "assign/device/survey.h"
#include "assign/preflight/check.h"
#include "hyperv/device_keys.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/host_facts.h"
#include "hyperv/networks.h"
#include "hyperv/pci_devices.h"
#include "hyperv/provider.h"
#include "support/log.h"
#include "support/strings.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace exhyperv::assign {

namespace {

namespace key = hyperv::device_key;
using model::PlaceKind;

/// Everything that was read, before it is joined.
struct Readings {
    hyperv::PciSurvey pci;
    std::vector<host::HostDevices::Disk> disks;
    std::vector<hyperv::NetworkAdapter> networks;
    bool networks_known = false;
    std::vector<model::GpuPartition> partitions;
    std::unordered_map<std::string, const host::DeviceRecord*> by_path; ///< upper-case instance path
    std::unordered_map<std::string, const hyperv::NetworkAdapter*> network_by_path;
};

/// Answers whose failure only means "unknown".
template <class T>
std::optional<T> optional_part(Result<T> result, const char* what) {
    if (result) return std::move(*result);
    log(LogLevel::info, std::string("device inventory: ") + what + " not readable: " + describe(result.error()));
    return std::nullopt;
}

Result<std::map<Guid, std::string>> read_vm_names(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(const auto rows,
               hyperv::read_class(session, "Msvm_ComputerSystem", {"Name", "ElementName"}, std::nullopt, context));
    std::map<Guid, std::string> names;
    for (const cim::Instance& row : rows)
        if (const auto id = Guid::parse(row.text_or("Name", ""))) names.emplace(*id, row.text_or("ElementName", ""));
    return names;
}

Result<Readings> read_all(host::Host& host, const std::map<Guid, std::string>& vm_names, const CallContext& context) {
    Readings all;
    std::set<Guid> vms;
    for (const auto& [id, name] : vm_names)
        vms.insert(id);
    TRY_ASSIGN(all.pci, hyperv::survey_pci_devices(host, vms, context));
    TRY_ASSIGN(all.disks, host.devices().disks(context)); // which disk the system is on must not be guessed
    if (auto networks = optional_part(hyperv::list_network_adapters(host.cim(), context), "network adapters")) {
        all.networks = std::move(*networks);
        all.networks_known = true;
    }
    auto gpus = hyperv::list_partitionable_gpus(host.cim(), context);
    if (!gpus && gpus.error().code != "hyperv.class_missing") return fail(std::move(gpus).error());
    if (gpus) {
        TRY_ASSIGN(all.partitions, hyperv::list_gpu_partitions(host.cim(), *gpus, context));
    }
    for (const auto& record : all.pci.nodes)
        all.by_path.emplace(ascii_upper(record.node.instance_path), &record);
    for (const auto& network : all.networks)
        all.network_by_path.emplace(ascii_upper(network.instance_path), &network);
    return all;
}

std::optional<std::uint32_t> narrow(std::optional<std::uint64_t> number) {
    return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

DeviceCapabilities capabilities_of(const host::DeviceRecord* record) {
    DeviceCapabilities can;
    if (!record) return can;
    const auto& node = record->node;
    can.device_type = narrow(key::number(node, key::kPciDeviceType));
    can.acs_up_hierarchy = narrow(key::number(node, key::kPciAcsUp));
    can.interrupt_support = narrow(key::number(node, key::kPciInterruptSupport));
    can.bar_types = narrow(key::number(node, key::kPciBarTypes));
    if (const auto reserved = key::number(node, key::kPciReservedMemory)) can.reserved_memory = *reserved != 0;
    can.resources_known = node.present && node.problem != pci::kProblemDisabled;
    for (const std::int64_t interrupt : record->resources.interrupts)
        ++(interrupt < 0 ? can.message_interrupts : can.line_interrupts);
    return can;
}

/// Ranges above 4 GiB are 64-bit prefetchable; the bus driver counts those, so that the largest below it are known to
/// be movable too.
std::vector<model::PciBar> bars_of(const host::DeviceRecord& record, const DeviceCapabilities& can) {
    std::vector<model::PciBar> bars;
    for (const auto& [start, end] : record.resources.memory) {
        if (end < start || end - start == ~std::uint64_t{0}) continue;
        bars.push_back({end - start + 1, start >= pci::kFourGiB, start >= pci::kFourGiB});
    }
    const auto counts = pci::bar_counts(can.bar_types.value_or(0));
    auto high = static_cast<std::size_t>(
        std::count_if(bars.begin(), bars.end(), [](const model::PciBar& bar) { return bar.above_4g; }));
    std::vector<model::PciBar*> low;
    for (auto& bar : bars)
        if (!bar.above_4g) low.push_back(&bar);
    std::stable_sort(low.begin(), low.end(), [](const auto* a, const auto* b) { return a->size > b->size; });
    for (auto* bar : low) {
        if (high >= counts.prefetchable64) break;
        bar->prefetchable = bar->above_4g = true;
        ++high;
    }
    return bars;
}

DeviceEntry describe(model::PciDevice device, const Readings& all, const DeviceTree& tree) {
    DeviceEntry entry;
    entry.device = std::move(device);
    const auto record_of = [&](const std::string& path) -> const host::DeviceRecord* {
        const auto found = all.by_path.find(ascii_upper(path));
        return found == all.by_path.end() ? nullptr : found->second;
    };
    const auto* record = record_of(entry.device.instance_path);
    entry.capabilities = capabilities_of(record);
    const auto* holder = record; // of the resources
    if (record && !record->node.present) {
        const auto* twin = record_of("PCIP\\" + entry.device.pure_id);
        if (twin && twin->node.present && !twin->resources.memory.empty()) {
            holder = twin;
            entry.capabilities.resources_known = true;
        }
    }
    if (holder) entry.device.bars = bars_of(*holder, entry.capabilities);
    if (record) {
        const auto& node = record->node;
        const auto bus = key::number(node, key::kBusNumber), address = key::number(node, key::kAddress);
        if (bus && address)
            entry.address = PciAddress{static_cast<std::uint32_t>(*bus), static_cast<std::uint32_t>(*address >> 16),
                                       static_cast<std::uint32_t>(*address & 0xFFFF)};
        entry.driver_version = key::text(node, key::kDriverVersion);
        entry.driver_date = key::text(node, key::kDriverDate);
        entry.driver_inf = key::text(node, key::kDriverInf);
        entry.parent_path = key::text(node, key::kParent);
        if (node.present) entry.children = tree.below(node.instance_path);
    }
    const auto base = entry.device.base_class;
    entry.is_bridge = (base == pci::kBridgeClass) || (!base && iequals(entry.device.service, "pci"));
    entry.is_display = base == pci::kDisplayClass || iequals(entry.device.device_class, "Display");
    for (const auto& partition : all.partitions)
        if (!partition.stale &&
            hyperv::pure_id_of(model::instance_path_of_interface(partition.gpu_interface_path)) == entry.device.pure_id)
            ++entry.gpu_partitions;
    if (const auto* row = find_compatibility(builtin_compatibility(), entry.device.vendor_id, entry.device.device_id)) {
        entry.compatibility = *row;
        if (row->function_level_reset == CompatibilityRow::Answer::yes) entry.capabilities.function_level_reset = true;
        if (row->function_level_reset == CompatibilityRow::Answer::no) entry.capabilities.function_level_reset = false;
    }
    return entry;
}

/// Location path without the function: PCIROOT(0)#PCI(0100)#PCI(0001) → …#PCI(00. "" when it does not end like that.
std::string slot_of(const model::PciDevice& device) {
    const std::string& path = device.location_path;
    constexpr std::size_t tail = 9; // PCI(ddff)
    if (path.size() < tail || !path.ends_with(')') || !istarts_with(path.substr(path.size() - tail), "PCI(")) return {};
    return ascii_upper(path.substr(0, path.size() - 3));
}

void link_companions(std::vector<DeviceEntry>& devices) {
    std::map<std::string, std::vector<DeviceEntry*>> slots;
    for (auto& entry : devices) {
        if (entry.is_bridge || entry.device.place.kind == PlaceKind::stale_reference) continue;
        if (const auto slot = slot_of(entry.device); !slot.empty()) slots[slot].push_back(&entry);
    }
    for (const auto& [slot, entries] : slots)
        for (auto* entry : entries)
            for (const auto* other : entries)
                if (other != entry) entry->companions.push_back(other->device.pure_id);
}

void find_last_display(std::vector<DeviceEntry>& devices) {
    std::vector<DeviceEntry*> working;
    for (auto& entry : devices)
        if (entry.is_display && entry.device.place.kind == PlaceKind::host && entry.device.problem == 0)
            working.push_back(&entry);
    if (working.size() == 1) working.front()->is_last_display = true;
}

void add_names(std::vector<DeviceEntry>& devices) {
    std::set<PciId> wanted;
    for (const auto& entry : devices)
        if (entry.device.vendor_id != 0) wanted.insert({entry.device.vendor_id, entry.device.device_id});
    const auto names = find_pci_names(wanted);
    for (auto& entry : devices) {
        const auto found = names.find({entry.device.vendor_id, entry.device.device_id});
        if (found == names.end()) continue;
        entry.vendor_name = found->second.vendor;
        entry.device_name = found->second.device;
    }
}

void judge(DeviceInventory& inventory, const Readings& all) {
    std::map<std::string, std::string> cards_on_host; // VEN_…&REV_… → instance path
    for (const auto& entry : inventory.devices)
        if (entry.device.place.kind == PlaceKind::host || entry.device.place.kind == PlaceKind::host_disabled)
            cards_on_host.emplace(entry.device.pure_id.substr(0, entry.device.pure_id.find('\\')),
                                  entry.device.instance_path);
    for (auto& entry : inventory.devices) {
        SurveyContext context;
        context.mmio = size_text(entry.mmio_bytes());
        const auto& id = entry.device.pure_id;
        if (const auto reference = all.pci.referenced_by.find(id); reference != all.pci.referenced_by.end()) {
            context.referenced = true;
            context.vm_name = inventory.vm_name(reference->second);
        }
        if (const auto same = cards_on_host.find(id.substr(0, id.find('\\'))); same != cards_on_host.end())
            context.same_card_elsewhere = same->second;
        if (const auto network = all.network_by_path.find(ascii_upper(entry.device.instance_path));
            network != all.network_by_path.end()) {
            entry.carries_connection_in_use = network->second->connected;
            context.on_gateway = network->second->has_gateway;
            context.on_switch = !network->second->has_address;
        }
        entry.evidence = check_assignable(entry, context);
        auto consequences = check_consequences(entry, context);
        std::move(consequences.begin(), consequences.end(), std::back_inserter(entry.evidence));
        entry.verdict = assignability_of(entry.evidence);
    }
}

/// The nearest function above that can be given away, for those that cannot go alone.
void find_parents(DeviceInventory& inventory, const DeviceTree& tree) {
    for (auto& entry : inventory.devices) {
        if (entry.verdict != Assignability::no || entry.is_bridge || entry.is_last_display) continue;
        std::string above = entry.parent_path;
        for (int steps = 0; steps < 32 && !above.empty(); ++steps, above = tree.parent(above)) {
            const auto* parent = inventory.find(hyperv::pure_id_of(above));
            if (!parent || parent == &entry) continue;
            if (parent->verdict == Assignability::yes || parent->verdict == Assignability::warning) {
                entry.pass_instead = parent->device.pure_id;
                break;
            }
        }
    }
}

} // namespace

Result<DeviceInventory> list_device_inventory(host::Host& host, const CallContext& context) {
    DeviceInventory inventory;
    TRY_ASSIGN(inventory.facts, hyperv::read_host_facts(host, context));
    TRY_ASSIGN(inventory.vm_names, read_vm_names(host.cim(), context));
    TRY_ASSIGN(auto all, read_all(host, inventory.vm_names, context));
    const DeviceTree tree(all.pci.nodes, all.disks);
    inventory.devices.reserve(all.pci.devices.size());
    for (auto& device : all.pci.devices)
        inventory.devices.push_back(describe(std::move(device), all, tree));
    std::stable_sort(inventory.devices.begin(), inventory.devices.end(),
                     [](const DeviceEntry& a, const DeviceEntry& b) {
                         const auto& left = a.device.location_path;
                         const auto& right = b.device.location_path;
                         return left.empty() != right.empty() ? right.empty() : left < right;
                     });
    add_names(inventory.devices);
    link_companions(inventory.devices);
    find_last_display(inventory.devices);
    judge(inventory, all);
    find_parents(inventory, tree);
    inventory.host_checks = check_device_host(inventory.facts);
    return inventory;
}

} // namespace exhyperv::assign

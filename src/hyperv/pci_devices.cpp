#include "hyperv/pci_devices.h"

#include "hyperv/device_keys.h"
#include "hyperv/provider.h"
#include "hyperv/setting_id.h"
#include "support/strings.h"

#include <algorithm>
#include <map>
#include <set>

namespace exhyperv::hyperv {

namespace {

constexpr std::uint32_t kDisabled = 22; // CM_PROB_DISABLED

struct Assignment {
    Guid vm_id;
    std::string setting_path;
};
using Assignments = std::map<std::string, Assignment>; // by pure id

/// HostResource of an assignment is the path of a Msvm_PciExpress row, whose DeviceID is Microsoft:<guid>\PCIP\VEN_….
std::string pure_id_of_resource(const std::string& host_resource) {
    const auto path = cim::ObjectPath::parse(host_resource);
    const std::string device = path ? path->text_key("DeviceID") : host_resource;
    const auto at = ascii_upper(device).find("PCIP\\");
    return at == std::string::npos ? std::string{} : pure_id_of(std::string_view(device).substr(at));
}

std::uint16_t hex_after(std::string_view id, std::string_view tag) {
    const auto at = id.find(tag);
    if (at == std::string_view::npos || at + tag.size() + 4 > id.size()) return 0;
    return static_cast<std::uint16_t>(parse_u64("0x" + std::string(id.substr(at + tag.size(), 4))).value_or(0));
}

std::optional<std::uint8_t> byte_property(const host::DeviceNode& node, const host::PropertyKey& key) {
    const host::PropertyValue* value = node.property(key);
    const auto* number = value ? std::get_if<std::uint64_t>(value) : nullptr;
    return number ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
}

model::PciDevice describe_node(const host::DeviceNode& node) {
    model::PciDevice device;
    device.pure_id = pure_id_of(node.instance_path);
    device.instance_path = node.instance_path;
    device.location_path = device_key::location_path(node);
    device.name = device_key::display_name(node);
    device.manufacturer = device_key::text(node, device_key::kManufacturer);
    device.device_class = device_key::text(node, device_key::kClass);
    device.service = device_key::text(node, device_key::kService);
    device.vendor_id = hex_after(device.pure_id, "VEN_");
    device.device_id = hex_after(device.pure_id, "DEV_");
    device.base_class = byte_property(node, device_key::kPciBaseClass);
    device.sub_class = byte_property(node, device_key::kPciSubClass);
    device.prog_if = byte_property(node, device_key::kPciProgIf);
    device.problem = node.problem;
    return device;
}

Assignments read_assignments(const std::vector<cim::Instance>& settings, const std::set<Guid>* vms) {
    Assignments assigned;
    for (const cim::Instance& row : settings) {
        const auto owner = owner_of_setting(row.text_or("InstanceID", ""));
        const auto resources = row.strings("HostResource");
        if (!owner || resources.empty() || (vms && !vms->contains(*owner))) continue;
        if (const std::string id = pure_id_of_resource(resources.front()); !id.empty())
            assigned.insert_or_assign(id, Assignment{*owner, row.path() ? row.path()->full() : ""});
    }
    return assigned;
}

/// Every function in the place it is in, from device nodes, Msvm_PciExpress and assignments.
std::vector<model::PciDevice> place_functions(const std::vector<host::DeviceRecord>& nodes,
                                              const std::vector<cim::Instance>& expresses,
                                              const Assignments& assigned) {
    // A dismounted function is a row of the host; once assigned, a second row stands for the VM's logical device.
    std::map<std::string, const cim::Instance*> registered;
    for (const cim::Instance& row : expresses) {
        const std::string id = pure_id_of(row.text_or("DeviceInstancePath", ""));
        const bool of_vm = Guid::parse(row.text_or("SystemName", "")).has_value();
        if (const auto [at, added] = registered.emplace(id, &row); !added && !of_vm) at->second = &row;
    }

    std::map<std::string, model::PciDevice> devices;
    std::set<std::string> present_twins;
    for (const auto& record : nodes)
        if (istarts_with(record.node.instance_path, "PCIP\\") && record.node.present)
            present_twins.insert(pure_id_of(record.node.instance_path));
    for (const auto& record : nodes) { // PCI\ nodes carry the names; their PCIP\ twins are called alike by everybody
        if (!istarts_with(record.node.instance_path, "PCI\\")) continue;
        model::PciDevice device = describe_node(record.node);
        const auto express = registered.find(device.pure_id);
        const auto assignment = assigned.find(device.pure_id);
        if (express != registered.end()) {
            if (express->second->path()) device.express_path = express->second->path()->full();
            if (const auto path = express->second->text("LocationPath"); path && !path->empty())
                device.location_path = *path;
        }
        if (record.node.present)
            device.place.kind =
                record.node.problem == kDisabled ? model::PlaceKind::host_disabled : model::PlaceKind::host;
        else if (assignment != assigned.end())
            device.place = {express == registered.end() && !present_twins.contains(device.pure_id)
                                ? model::PlaceKind::stale_reference
                                : model::PlaceKind::vm,
                            assignment->second.vm_id};
        else if (express != registered.end() || present_twins.contains(device.pure_id))
            device.place.kind = model::PlaceKind::dismounted;
        else
            continue;
        if (assignment != assigned.end()) device.setting_path = assignment->second.setting_path;
        const std::string key = device.pure_id;
        devices.insert_or_assign(key, std::move(device));
    }
    for (const auto& [id, assignment] : assigned) { // assignments whose PCI\ node is not even remembered
        if (devices.contains(id)) continue;
        model::PciDevice device;
        device.pure_id = id;
        device.instance_path = "PCI\\" + id;
        device.name = device.instance_path;
        device.vendor_id = hex_after(id, "VEN_");
        device.device_id = hex_after(id, "DEV_");
        device.place = {registered.contains(id) ? model::PlaceKind::vm : model::PlaceKind::stale_reference,
                        assignment.vm_id};
        device.setting_path = assignment.setting_path;
        devices.emplace(id, std::move(device));
    }

    std::vector<model::PciDevice> result;
    result.reserve(devices.size());
    for (auto& [id, device] : devices)
        result.push_back(std::move(device));
    return result;
}

/// Device nodes, Msvm_PciExpress, Msvm_PciExpressSettingData: three round trips.
Result<PciSurvey> survey(host::Host& host, const host::DeviceQuery& query, const std::set<Guid>* vms,
                         const CallContext& context) {
    PciSurvey result;
    TRY_ASSIGN(result.nodes, host.devices().list(query, context));
    TRY_ASSIGN(const auto expresses,
               read_optional_class(host.cim(), "Msvm_PciExpress", {"DeviceInstancePath", "LocationPath", "SystemName"},
                                   context));
    TRY_ASSIGN(const auto settings,
               read_optional_class(host.cim(), "Msvm_PciExpressSettingData", {"InstanceID", "HostResource"}, context));
    const Assignments assigned = read_assignments(settings, vms);
    result.devices = place_functions(result.nodes, expresses, assigned);
    for (const auto& [id, assignment] : assigned)
        result.referenced_by.emplace(id, assignment.vm_id);
    return result;
}

} // namespace

std::string pure_id_of(std::string_view instance_path) {
    for (const std::string_view bus : {std::string_view("PCIP\\"), std::string_view("PCI\\")})
        if (istarts_with(instance_path, bus)) return ascii_upper(instance_path.substr(bus.size()));
    return {};
}

Result<std::vector<model::PciDevice>> list_pci_devices(host::Host& host, const CallContext& context) {
    using namespace device_key;
    host::DeviceQuery query;
    query.instance_prefixes = {"PCI\\", "PCIP\\"};
    query.properties = {kDeviceDesc,    kFriendlyName, kClass,       kService,  kManufacturer,
                        kLocationPaths, kPciBaseClass, kPciSubClass, kPciProgIf};
    TRY_ASSIGN(auto found, survey(host, query, nullptr, context));
    return std::move(found.devices);
}

Result<PciSurvey> survey_pci_devices(host::Host& host, const std::set<Guid>& vms, const CallContext& context) {
    using namespace device_key;
    host::DeviceQuery query; // what hangs on a controller is on other buses
    query.properties = {kDeviceDesc,    kFriendlyName,        kClass,         kService,      kManufacturer,
                        kLocationPaths, kBusNumber,           kAddress,       kParent,       kDriverVersion,
                        kDriverDate,    kDriverInf,           kPciDeviceType, kPciBaseClass, kPciSubClass,
                        kPciProgIf,     kPciInterruptSupport, kPciBarTypes,   kPciAcsUp,     kPciReservedMemory};
    query.resources = true;
    return survey(host, query, &vms, context);
}

} // namespace exhyperv::hyperv

#include "hyperv/assignable_devices.h"

#include "hyperv/device_keys.h"
#include "hyperv/pci_devices.h"
#include "hyperv/provider.h"
#include "hyperv/setting_id.h"
#include "support/strings.h"

#include <algorithm>
#include <unordered_set>

namespace exhyperv::hyperv {

namespace {

using cim::wql::Compare;

/// HostResource is the path of a Msvm_PciExpress row, whose DeviceID is Microsoft:<guid>\PCIP\VEN_….
bool names_device(const cim::Instance& setting, const std::string& pure_id) {
    const auto resources = setting.strings("HostResource");
    if (resources.empty()) return false;
    const auto path = cim::ObjectPath::parse(resources.front());
    const std::string device = ascii_upper(path ? path->text_key("DeviceID") : resources.front());
    const auto at = device.find("PCIP\\");
    return at != std::string::npos && pure_id_of(std::string_view(device).substr(at)) == ascii_upper(pure_id);
}

Result<std::unordered_set<Guid>> realized_vms(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(const auto rows, read_class(session, "Msvm_VirtualSystemSettingData", {"InstanceID"},
                                           cim::wql::where("VirtualSystemType", Compare::equal,
                                                           std::string("Microsoft:Hyper-V:System:Realized")),
                                           context));
    std::unordered_set<Guid> vms;
    for (const cim::Instance& row : rows)
        if (const auto id = owner_of_setting(row.text_or("InstanceID", ""))) vms.insert(*id);
    return vms;
}

Result<> add_nodes(host::Host& host, const std::string& pure_id, DeviceState& state, const CallContext& context) {
    host::DeviceQuery query;
    query.instance_prefixes = {"PCI\\" + pure_id, "PCIP\\" + pure_id};
    query.properties = {device_key::kLocationPaths};
    TRY_ASSIGN(const auto nodes, host.devices().list(query, context));
    std::string of_twin, of_phantom;
    for (const auto& [node, resources] : nodes) {
        if (pure_id_of(node.instance_path) != ascii_upper(pure_id)) continue; // the query asks for prefixes
        const std::string location = device_key::location_path(node);
        if (istarts_with(node.instance_path, "PCIP\\")) {
            state.twin_present = node.present;
            if (node.present) of_twin = location;
            continue;
        }
        state.node_present = node.present;
        state.instance_path = node.instance_path;
        state.problem = node.problem;
        (node.present ? state.location_path : of_phantom) = location;
    }
    if (state.location_path.empty()) state.location_path = !of_twin.empty() ? of_twin : of_phantom;
    return {};
}

Result<> add_registration(host::CimSession& session, const std::string& pure_id, DeviceState& state,
                          const CallContext& context) {
    const auto rows =
        read_class(session, "Msvm_PciExpress", {"DeviceInstancePath", "LocationPath", "SystemName"}, {}, context);
    if (!rows && rows.error().code == "hyperv.class_missing") return {};
    if (!rows) return fail(rows.error());
    for (const cim::Instance& row : *rows) {
        if (pure_id_of(row.text_or("DeviceInstancePath", "")) != ascii_upper(pure_id)) continue;
        if (Guid::parse(row.text_or("SystemName", ""))) continue; // a VM's logical device: the second row
        if (!row.path()) continue;
        state.express_path = row.path()->full();
        if (const auto location = row.text_or("LocationPath", ""); !location.empty()) state.location_path = location;
    }
    return {};
}

Result<> add_references(host::CimSession& session, const std::string& pure_id, DeviceState& state,
                        const CallContext& context) {
    const auto rows = read_class(session, "Msvm_PciExpressSettingData", {"InstanceID", "HostResource"}, {}, context);
    if (!rows && rows.error().code == "hyperv.class_missing") return {};
    if (!rows) return fail(rows.error());
    for (const cim::Instance& row : *rows) {
        if (!row.path() || !names_device(row, pure_id)) continue;
        const std::string id = row.text_or("InstanceID", "");
        if (const auto owner = is_template(id) ? std::nullopt : owner_of_setting(id))
            state.references.push_back({*owner, id, row.path()->full()});
    }
    if (state.references.empty()) return {};
    TRY_ASSIGN(const auto vms, realized_vms(session, context)); // checkpoints keep copies under their own GUID
    std::erase_if(state.references, [&](const DeviceReference& one) { return !vms.contains(one.vm_id); });
    return {};
}

} // namespace

const DeviceReference* DeviceState::reference_of(const Guid& vm) const {
    for (const DeviceReference& one : references)
        if (one.vm_id == vm) return &one;
    return nullptr;
}

Result<DeviceState> read_device_state(host::Host& host, const std::string& pure_id, const CallContext& context) {
    DeviceState state;
    TRY(add_nodes(host, pure_id, state, context));
    TRY(add_registration(host.cim(), pure_id, state, context));
    TRY(add_references(host.cim(), pure_id, state, context));
    return state;
}

} // namespace exhyperv::hyperv

#include "transport/wmi_com/ports/config_devices.h"

#include "support/log.h"
#include "support/strings.h"
#include "transport/wmi_com/ports/config_error.h"
#include "transport/wmi_com/ports/config_queries.h"
#include "transport/wmi_com/ports/disk_roles.h"

#include <algorithm>
#include <map>

namespace exhyperv::wmi_com {

namespace {

// DEVPKEY_Device_FriendlyName, …_DeviceDesc, …_Parent (wmi-facts 1.11).
const host::PropertyKey kFriendlyName{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 14};
const host::PropertyKey kDeviceDesc{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 2};
const host::PropertyKey kParent{"4340A6C5-93FA-4706-972C-7B648008A5A7", 8};

bool asked_for(const host::DeviceQuery& query, const std::string& path) {
    return query.instance_prefixes.empty() ||
           std::any_of(query.instance_prefixes.begin(), query.instance_prefixes.end(),
                       [&](const std::string& prefix) { return istarts_with(path, prefix); });
}

Result<std::string> text_property(ConfigManager& manager, ConfigManager::Node node, const host::PropertyKey& key,
                                  const std::string& instance_path) {
    TRY_ASSIGN(const auto value, read_property(manager, node, key, instance_path));
    const auto* text = value ? std::get_if<std::string>(&*value) : nullptr;
    return text ? *text : std::string();
}

/// Disks of one model have one name; where several are there, the end of their instance path tells them apart.
void make_names_unique(std::vector<host::HostDevices::Disk>& disks, const std::vector<std::string>& instances) {
    std::map<std::string, int> uses;
    for (const auto& disk : disks)
        ++uses[disk.name];
    for (std::size_t i = 0; i < disks.size(); ++i)
        if (uses[disks[i].name] > 1) disks[i].name += " (" + instances[i].substr(instances[i].rfind('\\') + 1) + ")";
}

} // namespace

ConfigDevices::ConfigDevices(std::unique_ptr<ConfigManager> manager, std::unique_ptr<DiskAccess> disks,
                             std::unique_ptr<host::HostRegistry> registry)
    : manager_(std::move(manager)), disks_(std::move(disks)), registry_(std::move(registry)) {}

Result<std::vector<host::DeviceRecord>> ConfigDevices::list(const host::DeviceQuery& query,
                                                            const CallContext& context) {
    TRY(context.check("list the devices of the host"));
    TRY_ASSIGN(const auto paths, all_instance_paths(*manager_));
    std::vector<host::DeviceRecord> out;
    for (const auto& path : paths) {
        if (!asked_for(query, path)) continue;
        TRY(context.check("list the devices of the host"));
        TRY_ASSIGN(const auto found, find_node(*manager_, path));
        if (!found || (!query.phantoms && !found->present)) continue;
        host::DeviceRecord record;
        record.node.instance_path = path;
        record.node.present = found->present;
        TRY_ASSIGN(record.node.problem, problem_of(*manager_, *found, path));
        for (const auto& key : query.properties) {
            TRY_ASSIGN(auto value, read_property(*manager_, found->node, key, path));
            if (value) record.node.properties.push_back({key, std::move(*value)});
        }
        if (query.resources && found->present && record.node.problem == 0) {
            auto resources = resources_of(*manager_, found->node, path);
            // Decisions rest on the resources of PCI functions; an odd software device must not hide them.
            if (!resources && istarts_with(path, "PCI")) return fail(std::move(resources).error());
            if (resources)
                record.resources = std::move(*resources);
            else
                log(LogLevel::info, "resources not readable: " + describe(resources.error()));
        }
        out.push_back(std::move(record));
    }
    return out;
}

Result<> ConfigDevices::set_enabled(const std::string& instance_path, bool enabled, const CallContext& context) {
    TRY(context.check(enabled ? "enable a device" : "disable a device"));
    TRY_ASSIGN(const auto found, find_node(*manager_, instance_path));
    if (!found || !found->present) return fail_config(cr::no_such_devnode, instance_path, "CM_Locate_DevNode");
    const auto code = enabled ? manager_->enable(found->node) : manager_->disable(found->node);
    if (code != cr::success)
        return fail_config(code, instance_path, enabled ? "CM_Enable_DevNode" : "CM_Disable_DevNode");
    return {};
}

Result<> ConfigDevices::disable(const std::string& instance_path, const CallContext& context) {
    return set_enabled(instance_path, false, context);
}

Result<> ConfigDevices::enable(const std::string& instance_path, const CallContext& context) {
    return set_enabled(instance_path, true, context);
}

Result<std::vector<host::HostDevices::Disk>> ConfigDevices::disks(const CallContext& context) {
    TRY(context.check("list the disks of the host"));
    TRY_ASSIGN(const auto interfaces, disk_interface_paths(*manager_));
    std::vector<Disk> out;
    std::vector<std::string> instances;
    for (const auto& path : interfaces) {
        TRY(context.check("list the disks of the host"));
        TRY_ASSIGN(const auto instance, instance_of_interface(*manager_, path));
        TRY_ASSIGN(const auto found, find_node(*manager_, instance));
        if (!found || !found->present) continue; // taken out meanwhile
        TRY_ASSIGN(const auto state, disks_->look(path));
        Disk disk;
        disk.number = state.number;
        disk.online = state.online;
        TRY_ASSIGN(disk.name, text_property(*manager_, found->node, kFriendlyName, instance));
        if (disk.name.empty()) {
            TRY_ASSIGN(disk.name, text_property(*manager_, found->node, kDeviceDesc, instance));
        }
        TRY_ASSIGN(disk.parent_instance_path, text_property(*manager_, found->node, kParent, instance));
        out.push_back(std::move(disk));
        instances.push_back(instance);
    }
    make_names_unique(out, instances);
    if (!out.empty()) TRY(add_roles(out, *disks_, *registry_, context));
    std::sort(out.begin(), out.end(), [](const Disk& a, const Disk& b) { return a.number < b.number; });
    return out;
}

Result<> ConfigDevices::set_disk_online(std::uint32_t number, bool online, const CallContext& context) {
    const auto label = "disk " + std::to_string(number);
    TRY_ASSIGN(const auto all, disks(context));
    const auto at = std::find_if(all.begin(), all.end(), [&](const Disk& disk) { return disk.number == number; });
    if (at == all.end()) return fail_config(cr::no_such_devnode, label, "IOCTL_STORAGE_GET_DEVICE_NUMBER");
    if (!online && (at->system || at->boot || at->paging))
        return fail_config(cr::not_disableable, label, "disk in use by Windows");
    auto done = disks_->set_online(number, online);
    if (!done && done.error().code == "file.access_denied")
        return fail_config(cr::access_denied, label, "IOCTL_DISK_SET_DISK_ATTRIBUTES");
    return done;
}

} // namespace exhyperv::wmi_com

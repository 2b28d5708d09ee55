#include "transport/sim/ports/devices.h"

#include "support/strings.h"
#include "transport/sim/services/device_state.h"
#include "transport/sim/world/device_properties.h"
#include "transport/sim/world/nodes.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

bool asked_for(const host::DeviceQuery& query, const std::string& path) {
    return query.instance_prefixes.empty() ||
           std::any_of(query.instance_prefixes.begin(), query.instance_prefixes.end(),
                       [&](const std::string& prefix) { return istarts_with(path, prefix); });
}

} // namespace

Result<std::vector<host::DeviceRecord>> SimDevices::list(const host::DeviceQuery& query, const CallContext& context) {
    return base_.run({.call = "devices.list", .class_name = {}, .method = {}, .target = {}}, context,
                     [&](const auto&) -> Result<std::vector<host::DeviceRecord>> {
                         std::vector<host::DeviceRecord> out;
                         auto looked = base_.keeper.read(context, [&](const World& world, std::int64_t) -> Result<> {
                             each_node(world, [&](const Node& node) {
                                 if ((!query.phantoms && !node.present) || !asked_for(query, node.instance_path))
                                     return true;
                                 auto& record = out.emplace_back();
                                 record.node.instance_path = node.instance_path;
                                 record.node.present = node.present;
                                 record.node.problem = node.problem;
                                 for (const auto& key : query.properties)
                                     if (auto value = device_property(node, key))
                                         record.node.properties.push_back({key, std::move(*value)});
                                 // A disabled device has no resources allocated (wmi-facts chapter 3, step 5).
                                 if (query.resources && node.function && !node.twin && node.present &&
                                     node.problem == problem::none)
                                     record.resources = {node.function->interrupts, node.function->memory};
                                 return true;
                             });
                             return {};
                         });
                         TRY(std::move(looked));
                         return out;
                     });
}

Result<> SimDevices::set_enabled(const std::string& instance_path, bool enabled, const CallContext& context) {
    host::FaultCall call{.call = enabled ? "devices.enable" : "devices.disable",
                         .class_name = {},
                         .method = {},
                         .target = instance_path};
    auto done = base_.run(call, context, [&](const auto&) -> Result<> {
        return base_.keeper.change(
            context, [&](World& world, std::int64_t) { return set_device_enabled(world, instance_path, enabled); });
    });
    if (!done && done.error().arg("device") == nullptr) done.error().with("device", instance_path); // scripted
    return done;
}

Result<> SimDevices::disable(const std::string& instance_path, const CallContext& context) {
    return set_enabled(instance_path, false, context);
}

Result<> SimDevices::enable(const std::string& instance_path, const CallContext& context) {
    return set_enabled(instance_path, true, context);
}

Result<std::vector<host::HostDevices::Disk>> SimDevices::disks(const CallContext& context) {
    return base_.run({.call = "devices.disks", .class_name = {}, .method = {}, .target = {}}, context,
                     [&](const auto&) -> Result<std::vector<Disk>> {
                         std::vector<Disk> out;
                         auto looked = base_.keeper.read(context, [&](const World& world, std::int64_t) -> Result<> {
                             for (const auto& disk : world.disks) {
                                 // A disk is there while its controller is with the host and works.
                                 const auto* controller = find_function(world, disk.parent);
                                 if (controller && (!controller->on_host() || controller->problem != problem::none))
                                     continue;
                                 out.push_back({disk.number, disk.name, disk.parent, disk.system, disk.boot,
                                                disk.paging, disk.online});
                             }
                             return {};
                         });
                         TRY(std::move(looked));
                         return out;
                     });
}

Result<> SimDevices::set_disk_online(std::uint32_t number, bool online, const CallContext& context) {
    const auto target = std::to_string(number);
    host::FaultCall call{.call = "devices.set_disk_online", .class_name = {}, .method = {}, .target = target};
    return base_.run(call, context, [&](const auto&) -> Result<> {
        return base_.keeper.change(context, [&](World& world, std::int64_t) -> Result<> {
            if (!world.host.elevated) return fail("device.access_denied", {{"device", "disk " + target}});
            for (auto& disk : world.disks) {
                if (disk.number != number) continue;
                if (!online && (disk.system || disk.boot || disk.paging))
                    return fail("device.not_disableable", {{"device", "disk " + target}});
                disk.online = online;
                return {};
            }
            return fail("device.not_found", {{"device", "disk " + target}});
        });
    });
}

} // namespace exhyperv::sim

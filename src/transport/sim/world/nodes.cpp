#include "transport/sim/world/nodes.h"

#include "support/strings.h"

namespace exhyperv::sim {

void each_node(const World& world, const std::function<bool(const Node&)>& visit) {
    for (const auto& function : world.functions) {
        Node node{.instance_path = function.instance_path(), .present = function.on_host(), .function = &function};
        node.problem = node.present ? function.problem : problem::phantom;
        if (!visit(node)) return;
        if (function.twin == Twin::never) continue;
        Node twin{.instance_path = function.twin_path(),
                  .present = function.dismounted(),
                  .function = &function,
                  .twin = true};
        twin.problem = twin.present ? problem::none : problem::phantom;
        if (!visit(twin)) return;
    }
    for (const auto& other : world.nodes) {
        Node node{.instance_path = other.instance_path, .present = other.present, .other = &other};
        node.problem = other.present ? other.problem : problem::phantom;
        if (!visit(node)) return;
    }
}

NodeText describe_node(const Node& node) {
    if (node.other)
        return {node.other->name,       node.other->manufacturer, node.other->device_class,
                node.other->class_guid, node.other->service,      node.other->parent};
    const auto& f = *node.function;
    if (!node.twin) return {f.name, f.manufacturer, f.device_class, f.class_guid, f.service, f.parent};
    auto name = f.device_class == "Display" ? "PCI Express Graphics Processing Unit - Dismounted"
                                            : "PCI Express Device - Dismounted";
    return {name, "Microsoft", "System", "{4d36e97d-e325-11ce-bfc1-08002be10318}", "pcip", f.parent};
}

std::vector<std::string> hardware_ids(const Node& node) {
    if (!node.function) return {};
    auto id = node.function->pure_id.substr(0, node.function->pure_id.find('\\'));
    auto prefix = node.twin ? std::string("PCIP\\") : std::string("PCI\\");
    auto parts = split(id, '&');
    std::vector<std::string> out{prefix + id};
    if (parts.size() >= 3) out.push_back(prefix + parts[0] + "&" + parts[1] + "&" + parts[2]);
    if (parts.size() >= 2) out.push_back(prefix + parts[0] + "&" + parts[1]);
    return out;
}

} // namespace exhyperv::sim

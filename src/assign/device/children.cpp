#include "assign/device/children.h"

#include "hyperv/device_keys.h"
#include "support/strings.h"

#include <unordered_set>

namespace exhyperv::assign {

namespace {

namespace key = hyperv::device_key;

constexpr std::uint32_t kMaxDepth = 32;      // USB allows seven tiers, each with an interface and a HID layer
constexpr std::size_t kMaxChildren = 10'000; // of one function

/// DisplayLink makes nothing but graphics under its vendor id; Silicon Motion makes flash controllers too.
bool is_usb_display(std::string_view instance_path) {
    return istarts_with(instance_path, "USB\\VID_17E9&") || istarts_with(instance_path, "USB\\VID_090C&PID_0768");
}

bool is_pci(std::string_view instance_path) {
    return istarts_with(instance_path, "PCI\\") || istarts_with(instance_path, "PCIP\\");
}

ChildKind kind_of(const host::DeviceNode& node, const DeviceChild& child) {
    const auto is = [&](std::string_view name) { return iequals(child.device_class, name); };
    if (is("Keyboard")) return ChildKind::keyboard;
    if (is("Mouse")) return ChildKind::mouse;
    if (is("DiskDrive")) return ChildKind::disk;
    if (is("Display") || child.usb_display) return ChildKind::display;
    if (is("Net")) return ChildKind::network;
    if (is("MEDIA") || is("AudioEndpoint")) return ChildKind::audio;
    if (istarts_with(child.instance_path, "USB\\ROOT_HUB") || istarts_with(key::text(node, key::kService), "USBHUB"))
        return ChildKind::hub;
    return ChildKind::other;
}

DeviceChild child_of(const host::DeviceNode& node, std::uint32_t depth) {
    DeviceChild child;
    child.name = key::display_name(node);
    child.device_class = key::text(node, key::kClass);
    child.instance_path = node.instance_path;
    child.depth = depth;
    child.usb_display = is_usb_display(node.instance_path);
    child.kind = kind_of(node, child);
    return child;
}

void describe_disk(DeviceChild& child, const host::HostDevices::Disk& disk) {
    child.disk_number = disk.number;
    child.system = disk.system;
    child.boot = disk.boot;
    child.paging = disk.paging;
    child.online = disk.online;
}

} // namespace

DeviceTree::DeviceTree(const std::vector<host::DeviceRecord>& nodes, const std::vector<host::HostDevices::Disk>& disks)
    : disks_(disks) {
    for (const auto& record : nodes) {
        const std::string above = key::text(record.node, key::kParent);
        if (above.empty()) continue;
        parents_.emplace(ascii_upper(record.node.instance_path), above);
        if (record.node.present) children_[ascii_upper(above)].push_back(&record.node);
    }
}

std::string DeviceTree::parent(const std::string& instance_path) const {
    const auto found = parents_.find(ascii_upper(instance_path));
    return found == parents_.end() ? std::string{} : found->second;
}

std::vector<DeviceChild> DeviceTree::below(const std::string& instance_path) const {
    struct Todo {
        std::string path;
        std::uint32_t depth;
    };
    std::vector<DeviceChild> out;
    std::vector<Todo> todo{{ascii_upper(instance_path), 0}};
    std::unordered_set<std::string> seen{todo.front().path}; // a host that lies may have a tree in circles
    for (std::size_t at = 0; at < todo.size(); ++at) {
        const Todo above = todo[at];
        const auto found = children_.find(above.path);
        if (found == children_.end() || above.depth >= kMaxDepth) continue;
        for (const host::DeviceNode* node : found->second) {
            const std::string path = ascii_upper(node->instance_path);
            if (is_pci(path) || out.size() >= kMaxChildren || !seen.insert(path).second) continue;
            out.push_back(child_of(*node, above.depth + 1));
            todo.push_back({path, above.depth + 1});
        }
    }
    for (const auto& disk : disks_) {
        const std::string controller = ascii_upper(disk.parent_instance_path);
        if (!seen.contains(controller)) continue;
        DeviceChild* known = nullptr;
        for (DeviceChild& child : out)
            if (!known && child.kind == ChildKind::disk && !child.disk_number &&
                (iequals(child.name, disk.name) || iequals(child.instance_path, controller)))
                known = &child;
        if (!known) {
            known = &out.emplace_back();
            known->name = disk.name;
            known->device_class = "DiskDrive";
            known->kind = ChildKind::disk;
        }
        describe_disk(*known, disk);
    }
    return out;
}

} // namespace exhyperv::assign

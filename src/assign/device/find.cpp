#include "assign/device/inventory.h"
#include "hyperv/lookup.h"
#include "hyperv/pci_devices.h"
#include "support/strings.h"

namespace exhyperv::assign {

namespace {

std::string described(const DeviceEntry& entry) {
    return entry.display_name() + " (" + entry.device.instance_path + ")";
}

template <class Accepts>
std::vector<const DeviceEntry*> matching(const DeviceInventory& inventory, Accepts accepts) {
    std::vector<const DeviceEntry*> found;
    for (const DeviceEntry& entry : inventory.devices)
        if (accepts(entry)) found.push_back(&entry);
    return found;
}

template <class Accepts>
bool any_name(const DeviceEntry& entry, Accepts accepts) {
    return accepts(entry.device.name) || accepts(entry.display_name()) ||
           (!entry.device_name.empty() && accepts(entry.device_name));
}

/// What is asked for by name is seldom a bridge, and never a function that is only a memory in some VM's settings while
/// the same card is in the machine.
void prefer(std::vector<const DeviceEntry*>& found) {
    const auto narrow = [&](auto&& keep) {
        std::vector<const DeviceEntry*> kept;
        for (const DeviceEntry* entry : found)
            if (keep(*entry)) kept.push_back(entry);
        if (!kept.empty()) found = std::move(kept);
    };
    narrow([](const DeviceEntry& entry) { return !entry.is_bridge; });
    narrow([](const DeviceEntry& entry) { return entry.device.place.kind != model::PlaceKind::stale_reference; });
}

struct ChildMatch {
    const DeviceEntry* controller;
    const DeviceChild* child;
};

std::optional<ChildMatch> find_child(const DeviceInventory& inventory, std::string_view text) {
    for (const bool whole : {true, false})
        for (const DeviceEntry& entry : inventory.devices)
            for (const DeviceChild& child : entry.children)
                if (whole ? iequals(child.instance_path, text) || iequals(child.name, text)
                          : icontains(child.name, text))
                    return ChildMatch{&entry, &child};
    return std::nullopt;
}

} // namespace

Result<const DeviceEntry*> find_device(const DeviceInventory& inventory, std::string_view wanted) {
    const auto text = trim(wanted);
    const std::string id = hyperv::pure_id_of(text).empty() ? ascii_upper(text) : hyperv::pure_id_of(text);
    auto found = matching(inventory, [&](const DeviceEntry& entry) {
        return !text.empty() && (entry.device.pure_id == id ||
                                 (!entry.device.location_path.empty() && iequals(entry.device.location_path, text)) ||
                                 (entry.address && iequals(entry.address->text(), text)));
    });
    if (found.size() > 1) { // a location outlives the card that was there
        std::erase_if(found, [](const DeviceEntry* entry) {
            return entry->device.place.kind == model::PlaceKind::stale_reference;
        });
    }
    if (found.empty() && !text.empty()) {
        found = matching(inventory, [&](const DeviceEntry& entry) {
            return any_name(entry, [&](const std::string& name) { return iequals(name, text); });
        });
        prefer(found);
    }
    if (found.empty() && !text.empty()) {
        found = matching(inventory, [&](const DeviceEntry& entry) {
            return any_name(entry, [&](const std::string& name) { return icontains(name, text); }) ||
                   istarts_with(entry.device.pure_id, id);
        });
        prefer(found);
    }
    if (found.size() == 1) return found.front();
    if (found.empty()) {
        if (const auto match = text.empty() ? std::nullopt : find_child(inventory, text))
            return fail("device.is_child", {{"device", std::string(text)},
                                            {"name", match->child->name},
                                            {"controller", match->controller->display_name()},
                                            {"id", match->controller->device.pure_id}});
        std::vector<std::string> names;
        for (const DeviceEntry& entry : inventory.devices)
            if (!entry.is_bridge) names.push_back(entry.display_name());
        return fail("device.unknown",
                    {{"device", std::string(text)}, {"near", hyperv::names_to_try(std::move(names), text)}});
    }
    std::vector<std::string> paths;
    for (const DeviceEntry* entry : found)
        if (paths.size() < 8) paths.push_back(described(*entry));
    if (paths.size() < found.size()) paths.emplace_back("…");
    return fail("device.ambiguous", {{"device", std::string(text)}, {"paths", join(paths, ", ")}});
}

} // namespace exhyperv::assign

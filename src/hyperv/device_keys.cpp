#include "hyperv/device_keys.h"

#include "support/strings.h"

namespace exhyperv::hyperv::device_key {

std::string text(const host::DeviceNode& node, const host::PropertyKey& key) {
    const host::PropertyValue* value = node.property(key);
    if (!value) return {};
    if (const auto* plain = std::get_if<std::string>(value)) return *plain;
    return {};
}

std::optional<std::uint64_t> number(const host::DeviceNode& node, const host::PropertyKey& key) {
    const host::PropertyValue* value = node.property(key);
    if (!value) return std::nullopt;
    if (const auto* plain = std::get_if<std::uint64_t>(value)) return *plain;
    if (const auto* flag = std::get_if<bool>(value)) return *flag ? 1 : 0;
    return std::nullopt;
}

std::string display_name(const host::DeviceNode& node) {
    for (const auto* key : {&kFriendlyName, &kDeviceDesc})
        if (std::string name = text(node, *key); !name.empty()) return name;
    return node.instance_path;
}

std::string location_path(const host::DeviceNode& node) {
    const host::PropertyValue* value = node.property(kLocationPaths);
    if (!value) return {};
    if (const auto* plain = std::get_if<std::string>(value)) return *plain;
    const auto* paths = std::get_if<std::vector<std::string>>(value);
    if (!paths || paths->empty()) return {};
    for (const std::string& path : *paths)
        if (istarts_with(path, "PCIROOT")) return path;
    return paths->front();
}

} // namespace exhyperv::hyperv::device_key

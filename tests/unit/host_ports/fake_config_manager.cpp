#include "fake_config_manager.h"

#include "support/strings.h"
#include "support/utf.h"
#include "transport/wmi_com/ports/device_property.h"
#include "transport/wmi_com/ports/resource_descriptor.h"

#include <algorithm>
#include <cstring>

namespace exhyperv::wmi_com {

namespace {

std::u16string multi_text(const std::vector<std::string>& texts) {
    std::u16string out;
    for (const auto& text : texts)
        out += to_utf16(text) + u'\0';
    return out + u'\0';
}

std::uint32_t copy_list(const std::u16string& list, char16_t* buffer, std::uint32_t units) {
    if (units < list.size()) return cr::buffer_small;
    std::copy(list.begin(), list.end(), buffer);
    return cr::success;
}

std::u16string ids_of(const std::vector<FakeNode>& nodes) {
    std::vector<std::string> paths;
    for (const auto& node : nodes)
        paths.push_back(node.path);
    return multi_text(paths);
}

// A log conf is 1000 + node index; a descriptor is (node index + 1) << 16 | resource index.
constexpr std::uintptr_t kLogConf = 1000;

} // namespace

std::uint32_t FakeConfigManager::id_list_size(std::uint32_t& units) {
    units = static_cast<std::uint32_t>(ids_of(nodes).size());
    for (; arrivals > 0; --arrivals)
        nodes.push_back({.path = "SWD\\ARRIVED\\" + std::string(190, 'x') + std::to_string(arrivals)});
    return cr::success;
}

std::uint32_t FakeConfigManager::id_list(char16_t* buffer, std::uint32_t units) {
    return copy_list(ids_of(nodes), buffer, units);
}

std::uint32_t FakeConfigManager::locate(Node& node, const char16_t* instance_path, bool phantom) {
    const auto wanted = to_utf8(instance_path);
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (iequals(nodes[i].path, wanted) && (nodes[i].present || phantom)) {
            node = static_cast<Node>(i + 1);
            return cr::success;
        }
    return cr::no_such_devnode;
}

std::uint32_t FakeConfigManager::status(Node node, std::uint32_t& flags, std::uint32_t& problem) {
    problem = nodes.at(node - 1).problem;
    flags = problem ? 0x400 : 0;
    return cr::success;
}

std::uint32_t FakeConfigManager::property(Node node, const PropertyId& id, std::uint32_t& type, std::byte* buffer,
                                          std::uint32_t& size) {
    for (const auto& raw : nodes.at(node - 1).properties) {
        const auto known = property_id(raw.key);
        if (known->id != id.id || std::memcmp(known->format_id, id.format_id, 16) != 0) continue;
        const bool fits = raw.bytes.size() <= size;
        size = static_cast<std::uint32_t>(raw.bytes.size());
        if (!fits) return cr::buffer_small;
        std::copy(raw.bytes.begin(), raw.bytes.end(), buffer);
        type = raw.type;
        return cr::success;
    }
    return cr::no_such_value;
}

std::uint32_t FakeConfigManager::first_log_conf(Node node, Handle& configuration) {
    const auto& found = nodes.at(node - 1);
    if (found.log_conf_code != cr::success) return found.log_conf_code;
    if (found.resources.empty()) return cr::no_more_log_conf;
    configuration = kLogConf + node - 1;
    ++open_handles;
    return cr::success;
}

std::uint32_t FakeConfigManager::next_res_des(Handle before, Handle& descriptor, std::uint32_t& kind) {
    const bool first = before < 0x10000;
    const std::size_t node = first ? before - kLogConf : (before >> 16) - 1, index = first ? 0 : (before & 0xFFFF) + 1;
    const auto& resources = nodes.at(node).resources;
    if (index >= resources.size()) return cr::no_more_res_des;
    descriptor = (node + 1) << 16 | index;
    kind = resources[index].kind;
    ++open_handles;
    return cr::success;
}

std::uint32_t FakeConfigManager::res_des_size(Handle descriptor, std::uint32_t& size) {
    size = static_cast<std::uint32_t>(nodes.at((descriptor >> 16) - 1).resources.at(descriptor & 0xFFFF).bytes.size());
    return cr::success;
}

std::uint32_t FakeConfigManager::res_des_data(Handle descriptor, std::byte* buffer, std::uint32_t size) {
    const auto& bytes = nodes.at((descriptor >> 16) - 1).resources.at(descriptor & 0xFFFF).bytes;
    std::copy_n(bytes.begin(), std::min<std::size_t>(size, bytes.size()), buffer);
    return cr::success;
}

std::uint32_t FakeConfigManager::disable(Node node) {
    auto& found = nodes.at(node - 1);
    if (found.disable_code == cr::success) found.problem = 22;
    return found.disable_code;
}

std::uint32_t FakeConfigManager::enable(Node node) {
    auto& found = nodes.at(node - 1);
    if (found.enable_code == cr::success) found.problem = 0;
    return found.enable_code;
}

std::uint32_t FakeConfigManager::disk_interfaces_size(std::uint32_t& units) {
    std::vector<std::string> paths;
    for (const auto& disk : disks)
        paths.push_back(disk.interface_path);
    units = static_cast<std::uint32_t>(multi_text(paths).size());
    return cr::success;
}

std::uint32_t FakeConfigManager::disk_interfaces(char16_t* buffer, std::uint32_t units) {
    std::vector<std::string> paths;
    for (const auto& disk : disks)
        paths.push_back(disk.interface_path);
    return copy_list(multi_text(paths), buffer, units);
}

std::uint32_t FakeConfigManager::interface_instance(const char16_t* interface_path, std::byte* buffer,
                                                    std::uint32_t& size) {
    for (const auto& disk : disks)
        if (disk.interface_path == to_utf8(interface_path)) {
            const auto bytes = to_utf16le_bytes(disk.instance_path);
            std::copy(bytes.begin(), bytes.end(), buffer);
            size = static_cast<std::uint32_t>(bytes.size());
            return cr::success;
        }
    return cr::no_such_value;
}

Result<DiskAccess::State> FakeDiskAccess::look(const std::string& interface_path) {
    const auto at = states.find(interface_path);
    if (at == states.end()) return fail("file.not_found", {{"path", interface_path}});
    return at->second;
}

Result<> FakeDiskAccess::set_online(std::uint32_t number, bool online) {
    if (refuse_online) return fail(*refuse_online);
    set.emplace_back(number, online);
    return {};
}

Result<std::vector<std::uint32_t>> FakeDiskAccess::disks_of_volume(const std::string& volume_path) {
    const auto at = volumes.find(volume_path);
    if (at == volumes.end()) return fail("file.not_found", {{"path", volume_path}});
    return at->second;
}

Result<std::vector<host::RegistryKey>> FakeRegistry::read(const std::vector<std::string>& paths, const CallContext&) {
    std::vector<host::RegistryKey> out;
    for (const auto& path : paths) {
        const auto at =
            std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return iequals(key.path, path); });
        out.push_back(at == keys.end() ? host::RegistryKey{path, false, {}, {}} : *at);
    }
    return out;
}

std::vector<std::byte> bytes_of(std::uint64_t value, std::size_t width) {
    std::vector<std::byte> out;
    for (std::size_t i = 0; i < width; ++i)
        out.push_back(i < sizeof value ? static_cast<std::byte>(value >> (8 * i)) : std::byte{0});
    return out;
}

RawProperty text_property(host::PropertyKey key, std::string_view value) {
    auto bytes = to_utf16le_bytes(value);
    bytes.insert(bytes.end(), 2, std::byte{0});
    return {std::move(key), devprop::text, std::move(bytes)};
}

RawResource memory_range(std::uint64_t first, std::uint64_t last) {
    auto bytes = bytes_of(0, 8);
    for (const auto number : {first, last}) {
        const auto part = bytes_of(number, 8);
        bytes.insert(bytes.end(), part.begin(), part.end());
    }
    const auto tail = bytes_of(0, 8);
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    return {res_type::memory, std::move(bytes)};
}

RawResource interrupt_line(std::int32_t line) {
    auto bytes = bytes_of(0, 12);
    const auto number = bytes_of(static_cast<std::uint32_t>(line), 4), affinity = bytes_of(~0ull, 8);
    bytes.insert(bytes.end(), number.begin(), number.end());
    bytes.insert(bytes.end(), affinity.begin(), affinity.end());
    return {res_type::interrupt, std::move(bytes)};
}

} // namespace exhyperv::wmi_com

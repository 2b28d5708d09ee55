#include "transport/wmi_com/ports/config_queries.h"

#include "support/log.h"
#include "support/scope_guard.h"
#include "support/utf.h"
#include "transport/wmi_com/ports/config_error.h"
#include "transport/wmi_com/ports/device_property.h"
#include "transport/wmi_com/ports/resource_descriptor.h"
#include "transport/wmi_com/ports/wide_lists.h"

#include <array>

namespace exhyperv::wmi_com {

namespace {

constexpr int kAttempts = 8;                      // a list may grow between asking for its size and reading it
constexpr std::uint32_t kMostUnits = 16u << 20;   // 32 MiB of names: no machine has that many
constexpr std::uint32_t kLargestValue = 1u << 20; // a property or descriptor
constexpr std::size_t kUsualValue = 512;          // most properties fit: one call each
constexpr int kMostDescriptors = 256;             // resources of one device
constexpr std::uint32_t kHasProblem = 0x00000400; // DN_HAS_PROBLEM
constexpr std::uint32_t kPhantom = 45;            // CM_PROB_PHANTOM

const std::string kEverything = "*";

template <class Size, class Read>
Result<std::vector<std::string>> read_list(const char* call, Size&& size, Read&& read) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        std::uint32_t units = 0;
        if (const auto code = size(units); code != cr::success) return fail_config(code, kEverything, call);
        if (units > kMostUnits) break;
        std::u16string buffer(units + 256u, u'\0'); // room for what arrives meanwhile
        const auto code = read(buffer.data(), static_cast<std::uint32_t>(buffer.size()));
        if (code == cr::success) return texts_of_list(buffer);
        if (code != cr::buffer_small) return fail_config(code, kEverything, call);
    }
    return fail_config(cr::buffer_small, kEverything, call);
}

} // namespace

Result<std::vector<std::string>> all_instance_paths(ConfigManager& manager) {
    return read_list(
        "CM_Get_Device_ID_List", [&](std::uint32_t& units) { return manager.id_list_size(units); },
        [&](char16_t* buffer, std::uint32_t units) { return manager.id_list(buffer, units); });
}

Result<std::vector<std::string>> disk_interface_paths(ConfigManager& manager) {
    return read_list(
        "CM_Get_Device_Interface_List", [&](std::uint32_t& units) { return manager.disk_interfaces_size(units); },
        [&](char16_t* buffer, std::uint32_t units) { return manager.disk_interfaces(buffer, units); });
}

Result<std::string> instance_of_interface(ConfigManager& manager, const std::string& interface_path) {
    std::array<std::byte, 2048> buffer{}; // instance paths have at most 200 characters
    auto size = static_cast<std::uint32_t>(buffer.size());
    const auto wide = to_utf16(interface_path);
    if (const auto code = manager.interface_instance(wide.c_str(), buffer.data(), size); code != cr::success)
        return fail_config(code, interface_path, "CM_Get_Device_Interface_Property");
    const auto text = wide_of_bytes(std::span(buffer).first(std::min<std::size_t>(size, buffer.size())));
    return to_utf8(std::u16string_view(text).substr(0, text.find(u'\0')));
}

Result<std::optional<FoundNode>> find_node(ConfigManager& manager, const std::string& instance_path) {
    const auto wide = to_utf16(instance_path);
    for (const bool phantom : {false, true}) {
        FoundNode found{0, !phantom};
        const auto code = manager.locate(found.node, wide.c_str(), phantom);
        if (code == cr::success) return found;
        if (code != cr::no_such_devnode && code != cr::no_such_value)
            return fail_config(code, instance_path, "CM_Locate_DevNode");
    }
    return std::optional<FoundNode>{};
}

Result<std::uint32_t> problem_of(ConfigManager& manager, const FoundNode& node, const std::string& instance_path) {
    if (!node.present) return kPhantom;
    std::uint32_t flags = 0, problem = 0;
    const auto code = manager.status(node.node, flags, problem);
    if (code == cr::no_such_devnode) return kPhantom; // it went away since it was found
    if (code != cr::success) return fail_config(code, instance_path, "CM_Get_DevNode_Status");
    return (flags & kHasProblem) ? problem : 0;
}

Result<std::optional<host::PropertyValue>> read_property(ConfigManager& manager, ConfigManager::Node node,
                                                         const host::PropertyKey& key,
                                                         const std::string& instance_path) {
    std::optional<host::PropertyValue> none;
    const auto id = property_id(key);
    if (!id) return none;
    std::vector<std::byte> buffer(kUsualValue);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        std::uint32_t type = 0;
        auto size = static_cast<std::uint32_t>(buffer.size());
        const auto code = manager.property(node, *id, type, buffer.data(), size);
        if (code == cr::success)
            return decode_property(type, std::span(buffer).first(std::min<std::size_t>(size, buffer.size())));
        if (code == cr::no_such_value) return none;
        if (code != cr::buffer_small) { // a damaged or leaving node: this property is unknown, the others may not be
            log(LogLevel::info, "property not readable: " +
                                    describe(fail_config(code, instance_path, "CM_Get_DevNode_Property").value()));
            return none;
        }
        if (size > kLargestValue) break;
        buffer.resize(std::max<std::size_t>(size, buffer.size() * 2));
    }
    return fail_config(cr::buffer_small, instance_path, "CM_Get_DevNode_Property");
}

Result<host::DeviceResources> resources_of(ConfigManager& manager, ConfigManager::Node node,
                                           const std::string& instance_path) {
    host::DeviceResources resources;
    ConfigManager::Handle configuration = 0;
    const auto first = manager.first_log_conf(node, configuration);
    if (first == cr::no_more_log_conf || first == cr::no_such_devnode) return resources; // nothing allocated
    if (first != cr::success) return fail_config(first, instance_path, "CM_Get_First_Log_Conf");
    const ScopeGuard free_configuration([&] { manager.free_log_conf(configuration); });

    ConfigManager::Handle at = configuration;
    const auto leave = [&] {
        if (at != configuration) manager.free_res_des(at);
    };
    const ScopeGuard free_last(leave);
    for (int count = 0; count < kMostDescriptors; ++count) {
        ConfigManager::Handle next = 0;
        std::uint32_t kind = 0, size = 0;
        const auto code = manager.next_res_des(at, next, kind);
        if (code == cr::no_more_res_des) return resources;
        if (code != cr::success) return fail_config(code, instance_path, "CM_Get_Next_Res_Des");
        leave();
        at = next;
        if (kind != res_type::memory && kind != res_type::large_memory && kind != res_type::interrupt) continue;
        if (const auto told = manager.res_des_size(at, size); told != cr::success)
            return fail_config(told, instance_path, "CM_Get_Res_Des_Data_Size");
        if (size > kLargestValue) return fail_config(cr::buffer_small, instance_path, "CM_Get_Res_Des_Data_Size");
        std::vector<std::byte> data(size);
        if (const auto read = manager.res_des_data(at, data.data(), size); read != cr::success)
            return fail_config(read, instance_path, "CM_Get_Res_Des_Data");
        (void)add_resource(kind, data, resources); // a shape nobody knows is not a resource that is known
    }
    return fail_config(cr::buffer_small, instance_path, "CM_Get_Next_Res_Des");
}

} // namespace exhyperv::wmi_com

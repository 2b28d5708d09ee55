#pragma once

#include "host/registry.h"
#include "transport/wmi_com/ports/config_manager.h"
#include "transport/wmi_com/ports/disk_access.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::wmi_com {

/// A property as Configuration Manager hands it out.
struct RawProperty {
    host::PropertyKey key;
    std::uint32_t type = 0;
    std::vector<std::byte> bytes;
};

struct RawResource {
    std::uint32_t kind = 0;
    std::vector<std::byte> bytes;
};

struct FakeNode {
    std::string path;
    bool present = true;
    std::uint32_t problem = 0;
    std::vector<RawProperty> properties;
    std::vector<RawResource> resources;
    std::uint32_t disable_code = cr::success, enable_code = cr::success, log_conf_code = cr::success;
};

struct FakeDisk {
    std::string interface_path, instance_path;
};

/// Configuration Manager over a list of nodes, with the buffer rules of the real one. Handles are checked: each one
/// handed out must be freed once.
class FakeConfigManager final : public ConfigManager {
  public:
    std::vector<FakeNode> nodes;
    std::vector<FakeDisk> disks;
    int arrivals = 0; ///< so many nodes appear between asking for the list's size and reading it
    int open_handles = 0;

    std::uint32_t id_list_size(std::uint32_t& units) override;
    std::uint32_t id_list(char16_t* buffer, std::uint32_t units) override;
    std::uint32_t locate(Node& node, const char16_t* instance_path, bool phantom) override;
    std::uint32_t status(Node node, std::uint32_t& flags, std::uint32_t& problem) override;
    std::uint32_t property(Node node, const PropertyId& id, std::uint32_t& type, std::byte* buffer,
                           std::uint32_t& size) override;
    std::uint32_t first_log_conf(Node node, Handle& configuration) override;
    std::uint32_t next_res_des(Handle before, Handle& descriptor, std::uint32_t& kind) override;
    std::uint32_t res_des_size(Handle descriptor, std::uint32_t& size) override;
    std::uint32_t res_des_data(Handle descriptor, std::byte* buffer, std::uint32_t size) override;
    void free_res_des(Handle) override { --open_handles; }
    void free_log_conf(Handle) override { --open_handles; }
    std::uint32_t disable(Node node) override;
    std::uint32_t enable(Node node) override;
    std::uint32_t disk_interfaces_size(std::uint32_t& units) override;
    std::uint32_t disk_interfaces(char16_t* buffer, std::uint32_t units) override;
    std::uint32_t interface_instance(const char16_t* interface_path, std::byte* buffer, std::uint32_t& size) override;
};

/// Disks by interface path, volumes by path.
class FakeDiskAccess final : public DiskAccess {
  public:
    std::map<std::string, State> states;
    std::map<std::string, std::vector<std::uint32_t>> volumes;
    std::optional<Error> refuse_online;
    std::vector<std::pair<std::uint32_t, bool>> set;

    Result<State> look(const std::string& interface_path) override;
    Result<> set_online(std::uint32_t number, bool online) override;
    Result<std::vector<std::uint32_t>> disks_of_volume(const std::string& volume_path) override;
    Result<std::string> windows_directory() override { return std::string("C:\\Windows"); }
};

class FakeRegistry final : public host::HostRegistry {
  public:
    std::vector<host::RegistryKey> keys;
    Result<std::vector<host::RegistryKey>> read(const std::vector<std::string>& paths, const CallContext&) override;
    Result<> write(const std::string&, const host::RegistryValue&, const CallContext&) override { return {}; }
    Result<> erase(const std::string&, const std::string&, const CallContext&) override { return {}; }
};

[[nodiscard]] std::vector<std::byte> bytes_of(std::uint64_t value, std::size_t width);
[[nodiscard]] RawProperty text_property(host::PropertyKey key, std::string_view value);
[[nodiscard]] RawResource memory_range(std::uint64_t first, std::uint64_t last);
[[nodiscard]] RawResource interrupt_line(std::int32_t line);

} // namespace exhyperv::wmi_com

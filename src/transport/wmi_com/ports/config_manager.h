#pragma once

#include "host/devices.h"

#include <cstddef>
#include <cstdint>

namespace exhyperv::wmi_com {

/// Configuration Manager's own numbers (CONFIGRET, cfgmgr32.h).
namespace cr {
inline constexpr std::uint32_t success = 0x00, invalid_log_conf = 0x0A, no_such_devnode = 0x0D, no_more_log_conf = 0x0E,
                               no_more_res_des = 0x0F, remove_vetoed = 0x17, buffer_small = 0x1A, no_such_value = 0x25,
                               not_disableable = 0x28, access_denied = 0x33, call_not_implemented = 0x34;
} // namespace cr

/// DEVPROPKEY as Windows takes it.
struct PropertyId {
    std::uint8_t format_id[16]; ///< mixed-endian, as a GUID in memory
    std::uint32_t id;
};

/// The functions of Configuration Manager this product uses, one virtual each, with their CONFIGRET: native on Windows
/// (win_config_manager.cpp), scripted in tests. Buffers are the caller's; texts are UTF-16. Thread-safe.
class ConfigManager {
  public:
    using Node = std::uint32_t;
    using Handle = std::uintptr_t;
    virtual ~ConfigManager() = default;

    /// CM_Get_Device_ID_List(_Size) without filter: every node ever seen. Units include both terminators.
    virtual std::uint32_t id_list_size(std::uint32_t& units) = 0;
    virtual std::uint32_t id_list(char16_t* buffer, std::uint32_t units) = 0;
    /// CM_Locate_DevNode: a node in the tree, or (`phantom`) also one that is only remembered.
    virtual std::uint32_t locate(Node& node, const char16_t* instance_path, bool phantom) = 0;
    virtual std::uint32_t status(Node node, std::uint32_t& flags, std::uint32_t& problem) = 0;
    /// CM_Get_DevNode_Property: `size` in bytes, in and out; `type` is a DEVPROPTYPE.
    virtual std::uint32_t property(Node node, const PropertyId& id, std::uint32_t& type, std::byte* buffer,
                                   std::uint32_t& size) = 0;
    /// The resources a running node was given (ALLOC_LOG_CONF), and their descriptors one by one.
    virtual std::uint32_t first_log_conf(Node node, Handle& configuration) = 0;
    virtual std::uint32_t next_res_des(Handle before, Handle& descriptor, std::uint32_t& kind) = 0;
    virtual std::uint32_t res_des_size(Handle descriptor, std::uint32_t& size) = 0;
    virtual std::uint32_t res_des_data(Handle descriptor, std::byte* buffer, std::uint32_t size) = 0;
    virtual void free_res_des(Handle descriptor) = 0;
    virtual void free_log_conf(Handle configuration) = 0;

    virtual std::uint32_t disable(Node node) = 0;
    virtual std::uint32_t enable(Node node) = 0;

    /// CM_Get_Device_Interface_List(_Size) of GUID_DEVINTERFACE_DISK, present ones.
    virtual std::uint32_t disk_interfaces_size(std::uint32_t& units) = 0;
    virtual std::uint32_t disk_interfaces(char16_t* buffer, std::uint32_t units) = 0;
    /// DEVPKEY_Device_InstanceId of an interface: a UTF-16 text; `size` in bytes.
    virtual std::uint32_t interface_instance(const char16_t* interface_path, std::byte* buffer,
                                             std::uint32_t& size) = 0;
};

} // namespace exhyperv::wmi_com

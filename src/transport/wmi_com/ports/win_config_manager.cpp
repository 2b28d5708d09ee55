#include "transport/wmi_com/ports/win_config_manager.h"

#include <windows.h>

#include <cfgmgr32.h>
#include <devpropdef.h>

#include <cstring>

// Windows' own headers leave these to initguid.h, which would define them in every file that includes it.
static const GUID kDiskInterface = {0x53f56307, 0xb6bf, 0x11d0, {0x94, 0xf2, 0x00, 0xa0, 0xc9, 0x1e, 0xfb, 0x8b}};
static const DEVPROPKEY kInstanceId = {{0x78c34fc8, 0x104a, 0x4aca, {0x9e, 0xa4, 0x52, 0x4d, 0x52, 0x99, 0x6e, 0x57}},
                                       256};

// In the import library of mingw-w64 10, but not in its header.
extern "C" CMAPI CONFIGRET WINAPI CM_Get_Device_Interface_PropertyW(LPCWSTR path, const DEVPROPKEY* key,
                                                                    DEVPROPTYPE* type, PBYTE buffer, PULONG size,
                                                                    ULONG flags);

namespace exhyperv::wmi_com {

namespace {

static_assert(sizeof(wchar_t) == sizeof(char16_t));
static_assert(sizeof(ConfigManager::Handle) == sizeof(RES_DES) && sizeof(ConfigManager::Node) == sizeof(DEVINST));

wchar_t* wide(char16_t* text) {
    return reinterpret_cast<wchar_t*>(text);
}
const wchar_t* wide(const char16_t* text) {
    return reinterpret_cast<const wchar_t*>(text);
}

class NativeConfigManager final : public ConfigManager {
  public:
    std::uint32_t id_list_size(std::uint32_t& units) override {
        ULONG size = 0;
        const auto code = CM_Get_Device_ID_List_SizeW(&size, nullptr, CM_GETIDLIST_FILTER_NONE);
        units = size;
        return code;
    }
    std::uint32_t id_list(char16_t* buffer, std::uint32_t units) override {
        return CM_Get_Device_ID_ListW(nullptr, wide(buffer), units, CM_GETIDLIST_FILTER_NONE);
    }
    std::uint32_t locate(Node& node, const char16_t* instance_path, bool phantom) override {
        DEVINST found = 0;
        const auto code = CM_Locate_DevNodeW(&found, const_cast<wchar_t*>(wide(instance_path)),
                                             phantom ? CM_LOCATE_DEVNODE_PHANTOM : CM_LOCATE_DEVNODE_NORMAL);
        node = found;
        return code;
    }
    std::uint32_t status(Node node, std::uint32_t& flags, std::uint32_t& problem) override {
        ULONG f = 0, p = 0;
        const auto code = CM_Get_DevNode_Status(&f, &p, node, 0);
        flags = f;
        problem = p;
        return code;
    }
    std::uint32_t property(Node node, const PropertyId& id, std::uint32_t& type, std::byte* buffer,
                           std::uint32_t& size) override {
        DEVPROPKEY key{};
        std::memcpy(&key.fmtid, id.format_id, sizeof key.fmtid);
        key.pid = id.id;
        DEVPROPTYPE kind = 0;
        ULONG bytes = size;
        const auto code = CM_Get_DevNode_PropertyW(node, &key, &kind, reinterpret_cast<PBYTE>(buffer), &bytes, 0);
        type = kind;
        size = bytes;
        return code;
    }
    std::uint32_t first_log_conf(Node node, Handle& configuration) override {
        LOG_CONF found = 0;
        const auto code = CM_Get_First_Log_Conf(&found, node, ALLOC_LOG_CONF);
        configuration = found;
        return code;
    }
    std::uint32_t next_res_des(Handle before, Handle& descriptor, std::uint32_t& kind) override {
        RES_DES found = 0;
        RESOURCEID type = 0;
        const auto code = CM_Get_Next_Res_Des(&found, before, ResType_All, &type, 0);
        descriptor = found;
        kind = type;
        return code;
    }
    std::uint32_t res_des_size(Handle descriptor, std::uint32_t& size) override {
        ULONG bytes = 0;
        const auto code = CM_Get_Res_Des_Data_Size(&bytes, descriptor, 0);
        size = bytes;
        return code;
    }
    std::uint32_t res_des_data(Handle descriptor, std::byte* buffer, std::uint32_t size) override {
        return CM_Get_Res_Des_Data(descriptor, buffer, size, 0);
    }
    void free_res_des(Handle descriptor) override { (void)CM_Free_Res_Des_Handle(descriptor); }
    void free_log_conf(Handle configuration) override { (void)CM_Free_Log_Conf_Handle(configuration); }

    // Until the host restarts at the latest, and without Windows asking anybody.
    std::uint32_t disable(Node node) override { return CM_Disable_DevNode(node, CM_DISABLE_UI_NOT_OK); }
    std::uint32_t enable(Node node) override { return CM_Enable_DevNode(node, 0); }

    std::uint32_t disk_interfaces_size(std::uint32_t& units) override {
        ULONG size = 0;
        GUID disks = kDiskInterface;
        const auto code =
            CM_Get_Device_Interface_List_SizeW(&size, &disks, nullptr, CM_GET_DEVICE_INTERFACE_LIST_PRESENT);
        units = size;
        return code;
    }
    std::uint32_t disk_interfaces(char16_t* buffer, std::uint32_t units) override {
        GUID disks = kDiskInterface;
        return CM_Get_Device_Interface_ListW(&disks, nullptr, wide(buffer), units,
                                             CM_GET_DEVICE_INTERFACE_LIST_PRESENT);
    }
    std::uint32_t interface_instance(const char16_t* interface_path, std::byte* buffer, std::uint32_t& size) override {
        DEVPROPTYPE kind = 0;
        ULONG bytes = size;
        const auto code = CM_Get_Device_Interface_PropertyW(wide(interface_path), &kInstanceId, &kind,
                                                            reinterpret_cast<PBYTE>(buffer), &bytes, 0);
        size = bytes;
        return code;
    }
};

} // namespace

std::unique_ptr<ConfigManager> make_config_manager() {
    return std::make_unique<NativeConfigManager>();
}

} // namespace exhyperv::wmi_com

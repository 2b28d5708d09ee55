#include "property_bytes.h"
#include "standin_world.h"
#include "support/utf.h"
#include "transport/wmi_com/ports/config_manager.h"
#include "transport/wmi_com/ports/device_property.h"

#include <cstring>
#include <string>
#include <vector>

// Configuration Manager's functions, declared here as the processor calls them: Windows' own header would import them.

namespace {

using namespace exhyperv;
using standins::World;
namespace cr = wmi_com::cr;

using Units = unsigned long; // ULONG, DEVINST and CONFIGRET
using Handle = std::uintptr_t;

std::u16string list_text(const std::vector<std::string>& texts) {
    std::u16string out;
    for (const auto& text : texts)
        out += to_utf16(text) + u'\0';
    return out + u'\0';
}

Units copy_text(const std::u16string& list, char16_t* buffer, Units room) {
    if (room < list.size()) return cr::buffer_small;
    std::copy(list.begin(), list.end(), buffer);
    return cr::success;
}

Units copy_bytes(const standins::TypedBytes& from, Units* type, unsigned char* buffer, Units* size) {
    const bool fits = from.bytes.size() <= *size && (buffer || from.bytes.empty());
    *size = static_cast<Units>(from.bytes.size());
    *type = from.type;
    if (!fits) return cr::buffer_small;
    if (!from.bytes.empty()) std::memcpy(buffer, from.bytes.data(), from.bytes.size());
    return cr::success;
}

std::u16string interface_list() {
    std::vector<std::string> paths;
    for (const auto& disk : World::instance().disks())
        paths.push_back(standins::disk_interface(disk.number));
    return list_text(paths);
}

// A logical configuration is its node's number; a descriptor is number << 16 | place + 1.
std::vector<standins::Descriptor> descriptors(Handle handle) {
    const auto number = static_cast<std::uint32_t>(handle >= 0x10000 ? handle >> 16 : handle);
    const auto record = World::instance().record(number);
    return record ? standins::descriptors_of(record->resources) : std::vector<standins::Descriptor>{};
}

const standins::Descriptor* descriptor(const std::vector<standins::Descriptor>& all, Handle handle) {
    const std::size_t place = handle & 0xFFFF;
    return handle >= 0x10000 && place >= 1 && place <= all.size() ? &all[place - 1] : nullptr;
}

} // namespace

#define EXPORT extern "C" __declspec(dllexport) Units

EXPORT CM_Get_Device_ID_List_SizeW(Units* units, const char16_t*, Units) {
    if (const auto code = World::instance().refresh(); code != cr::success) return code;
    *units = static_cast<Units>(list_text(World::instance().paths()).size());
    return cr::success;
}

EXPORT CM_Get_Device_ID_ListW(const char16_t*, char16_t* buffer, Units units, Units) {
    return copy_text(list_text(World::instance().paths()), buffer, units);
}

EXPORT CM_Locate_DevNodeW(Units* node, const char16_t* path, Units flags) {
    auto& world = World::instance();
    if (world.paths().empty())
        if (const auto code = world.refresh(); code != cr::success) return code;
    *node = world.number_of(to_utf8(path), flags == 1);
    return *node ? cr::success : cr::no_such_devnode;
}

EXPORT CM_Get_DevNode_Status(Units* status, Units* problem, Units node, Units) {
    const auto record = World::instance().record(static_cast<std::uint32_t>(node));
    if (!record || !record->node.present) return cr::no_such_devnode;
    *problem = record->node.problem;
    *status = record->node.problem ? 0x400 : 0x8; // DN_HAS_PROBLEM, DN_STARTED
    return cr::success;
}

EXPORT CM_Get_DevNode_PropertyW(Units node, const wmi_com::PropertyId* wanted, Units* type, unsigned char* buffer,
                                Units* size, Units) {
    const auto record = World::instance().record(static_cast<std::uint32_t>(node));
    if (!record) return cr::no_such_devnode;
    for (const auto& property : record->node.properties) {
        const auto id = wmi_com::property_id(property.key);
        if (id && id->id == wanted->id && std::memcmp(id->format_id, wanted->format_id, 16) == 0)
            return copy_bytes(standins::encode_property(property), type, buffer, size);
    }
    return cr::no_such_value;
}

EXPORT CM_Get_First_Log_Conf(Handle* configuration, Units node, Units) {
    const auto record = World::instance().record(static_cast<std::uint32_t>(node));
    if (!record) return cr::no_such_devnode;
    if (standins::descriptors_of(record->resources).empty()) return cr::no_more_log_conf;
    *configuration = node;
    return cr::success;
}

EXPORT CM_Get_Next_Res_Des(Handle* next, Handle before, Units, Units* kind, Units) {
    const auto all = descriptors(before);
    const std::size_t place = before >= 0x10000 ? before & 0xFFFF : 0;
    if (place >= all.size()) return cr::no_more_res_des;
    *next = (before >= 0x10000 ? before >> 16 : before) << 16 | (place + 1);
    *kind = all[place].kind;
    return cr::success;
}

EXPORT CM_Get_Res_Des_Data_Size(Units* size, Handle handle, Units) {
    const auto all = descriptors(handle);
    const auto* found = descriptor(all, handle);
    if (!found) return cr::invalid_log_conf;
    *size = static_cast<Units>(found->bytes.size());
    return cr::success;
}

EXPORT CM_Get_Res_Des_Data(Handle handle, void* buffer, Units size, Units) {
    const auto all = descriptors(handle);
    const auto* found = descriptor(all, handle);
    if (!found) return cr::invalid_log_conf;
    if (size < found->bytes.size()) return cr::buffer_small;
    std::memcpy(buffer, found->bytes.data(), found->bytes.size());
    return cr::success;
}

EXPORT CM_Free_Res_Des_Handle(Handle) {
    return cr::success;
}

EXPORT CM_Free_Log_Conf_Handle(Handle) {
    return cr::success;
}

EXPORT CM_Disable_DevNode(Units node, Units) {
    return World::instance().set_enabled(static_cast<std::uint32_t>(node), false);
}

EXPORT CM_Enable_DevNode(Units node, Units) {
    return World::instance().set_enabled(static_cast<std::uint32_t>(node), true);
}

EXPORT CM_Get_Device_Interface_List_SizeW(Units* units, void*, const char16_t*, Units) {
    if (const auto code = World::instance().refresh_disks(); code != cr::success) return code;
    *units = static_cast<Units>(interface_list().size());
    return cr::success;
}

EXPORT CM_Get_Device_Interface_ListW(void*, const char16_t*, char16_t* buffer, Units units, Units) {
    return copy_text(interface_list(), buffer, units);
}

EXPORT CM_Get_Device_Interface_PropertyW(const char16_t* path, const void*, Units* type, unsigned char* buffer,
                                         Units* size, Units) {
    for (const auto& disk : World::instance().disks()) {
        if (standins::disk_interface(disk.number) != to_utf8(path)) continue;
        host::DeviceProperty instance{{}, standins::disk_instance(disk.number)};
        return copy_bytes(standins::encode_property(instance), type, buffer, size);
    }
    return cr::no_such_devnode;
}

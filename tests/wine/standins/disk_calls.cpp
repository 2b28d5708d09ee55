#include "control_answer.h"
#include "import_table.h"
#include "platform/win/wide.h"
#include "standin_world.h"
#include "support/strings.h"

#include <windows.h>

#include <winioctl.h>

#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>

// Disks are asked through handles, and only the kernel makes those. So the three functions the program opens and asks
// disks with are replaced in its import table: names of simulated disks and volumes are answered here, all others go on
// to the kernel.

namespace {

using namespace exhyperv;
using standins::answer;
using standins::World;

struct Target {
    enum class Kind { disk, boot, system, paging } kind;
    std::uint32_t disk = 0;
};

decltype(&CreateFileW) real_create = nullptr;
decltype(&DeviceIoControl) real_control = nullptr;
decltype(&CloseHandle) real_close = nullptr;
std::mutex mutex;
std::map<HANDLE, Target> opened;

constexpr DWORD kGetAttributes = CTL_CODE(IOCTL_DISK_BASE, 0x003c, METHOD_BUFFERED, FILE_ANY_ACCESS);
constexpr DWORD kSetAttributes =
    CTL_CODE(IOCTL_DISK_BASE, 0x003d, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS);

/// plant_world says the same: C: is the Windows volume, P: has the page files.
bool find_target(std::string_view path, Target& out) {
    for (const std::string_view prefix : {"\\\\?\\SIMDISK#", "\\\\.\\PhysicalDrive"})
        if (istarts_with(path, prefix)) {
            out = {Target::Kind::disk, static_cast<std::uint32_t>(parse_u64(path.substr(prefix.size())).value_or(~0u))};
            return true;
        }
    const std::pair<const char*, Target::Kind> volumes[] = {
        {"\\\\.\\C:", Target::Kind::boot},
        {"\\\\.\\P:", Target::Kind::paging},
        {"\\\\?\\GLOBALROOT\\Device\\SimulatedSystemVolume", Target::Kind::system}};
    for (const auto& [name, kind] : volumes)
        if (iequals(path, name)) {
            out = {kind, 0};
            return true;
        }
    return false;
}

HANDLE WINAPI create(const wchar_t* name, DWORD access, DWORD share, SECURITY_ATTRIBUTES* security, DWORD how,
                     DWORD flags, HANDLE like) {
    Target target{};
    if (!name || !find_target(platform::from_wide(name), target))
        return real_create(name, access, share, security, how, flags, like);
    const HANDLE handle = real_create(L"NUL", GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    const std::lock_guard lock(mutex);
    if (handle != INVALID_HANDLE_VALUE) opened[handle] = target;
    return handle;
}

BOOL extents(Target::Kind kind, void* out, DWORD room, DWORD* got) {
    std::array<std::byte, sizeof(VOLUME_DISK_EXTENTS) + 15 * sizeof(DISK_EXTENT)> buffer{};
    auto* answered = reinterpret_cast<VOLUME_DISK_EXTENTS*>(buffer.data());
    for (const auto& disk : World::instance().disks()) {
        const bool here = kind == Target::Kind::boot     ? disk.boot
                          : kind == Target::Kind::system ? disk.system
                                                         : disk.paging;
        if (here && answered->NumberOfDiskExtents < 16)
            answered->Extents[answered->NumberOfDiskExtents++].DiskNumber = disk.number;
    }
    return answer(buffer.data(), buffer.size(), out, room, got);
}

BOOL ask_disk(std::uint32_t number, DWORD code, const void* in, DWORD in_size, void* out, DWORD room, DWORD* got) {
    if (World::instance().disks().empty()) World::instance().refresh_disks();
    for (const auto& disk : World::instance().disks()) {
        if (disk.number != number) continue;
        if (code == IOCTL_STORAGE_GET_DEVICE_NUMBER) {
            const STORAGE_DEVICE_NUMBER told{FILE_DEVICE_DISK, number, 0};
            return answer(&told, sizeof told, out, room, got);
        }
        if (code == kGetAttributes) {
            const std::uint64_t told[2] = {16, disk.online ? 0u : 1u};
            return answer(told, sizeof told, out, room, got);
        }
        if (code == kSetAttributes && in_size == 40) {
            std::uint64_t attributes = 0;
            std::memcpy(&attributes, static_cast<const char*>(in) + 8, sizeof attributes);
            if (World::instance().set_disk_online(number, attributes == 0) == 0) return TRUE;
            SetLastError(ERROR_ACCESS_DENIED);
            return FALSE;
        }
        if (code == IOCTL_DISK_UPDATE_PROPERTIES) return TRUE;
    }
    SetLastError(ERROR_INVALID_FUNCTION);
    return FALSE;
}

BOOL WINAPI control(HANDLE handle, DWORD code, void* in, DWORD in_size, void* out, DWORD room, DWORD* got,
                    OVERLAPPED* overlapped) {
    Target target{};
    {
        const std::lock_guard lock(mutex);
        const auto at = opened.find(handle);
        if (at == opened.end()) return real_control(handle, code, in, in_size, out, room, got, overlapped);
        target = at->second;
    }
    if (target.kind == Target::Kind::disk) return ask_disk(target.disk, code, in, in_size, out, room, got);
    if (code == IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS) return extents(target.kind, out, room, got);
    SetLastError(ERROR_INVALID_FUNCTION);
    return FALSE;
}

BOOL WINAPI close(HANDLE handle) {
    {
        const std::lock_guard lock(mutex);
        opened.erase(handle);
    }
    return real_close(handle);
}

} // namespace

extern "C" BOOL WINAPI DllMain(HINSTANCE, DWORD reason, void*) {
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    const auto hook = [](const char* name, auto& real, auto* ours) {
        if (void* before = standins::replace_import(name, reinterpret_cast<void*>(ours)))
            real = reinterpret_cast<std::remove_reference_t<decltype(real)>>(before);
    };
    hook("CreateFileW", real_create, &create);
    hook("DeviceIoControl", real_control, &control);
    hook("CloseHandle", real_close, &close);
    return TRUE;
}

#include "attached_volume.h"
#include "import_table.h"
#include "platform/file.h"
#include "platform/win/wide.h"
#include "support/strings.h"

#include <windows.h>

#include <winioctl.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

// virtdisk's functions as the program uses them, and the kernel's that know volumes. An attached image is a directory
// with its volume's files; the volume's name is that directory's path, so that all files on it are Wine's own business.

namespace {

using namespace exhyperv;

constexpr std::uint32_t kDiskNumber = 40;

struct Attached {
    HANDLE handle = nullptr; ///< what the program got for the image
    std::string image;
    std::vector<standins::AttachedVolume> volumes;
    std::optional<platform::File> locked; ///< nobody else has the image meanwhile
};

std::mutex mutex;
std::optional<Attached> opened;
bool attached = false;
std::map<HANDLE, std::size_t> volume_handles; ///< which of the volumes
std::size_t searched = 0;

decltype(&CreateFileW) real_create = &CreateFileW;
decltype(&DeviceIoControl) real_control = &DeviceIoControl;
decltype(&CloseHandle) real_close = &CloseHandle;
decltype(&FlushFileBuffers) real_flush = &FlushFileBuffers;

void complain(const std::string& what, const Error& error) {
    std::fprintf(stderr, "virtdisk stand-in: %s: %s\n", what.c_str(), describe(error).c_str());
}

std::string volume_name(const standins::AttachedVolume& volume) {
    return "\\\\?\\" + volume.directory;
}

const standins::AttachedVolume* named(const std::string& path) {
    if (!attached) return nullptr;
    for (const auto& volume : opened->volumes)
        if (iequals(volume_name(volume), path)) return &volume;
    return nullptr;
}

bool give_name(std::size_t number, wchar_t* name, DWORD room) {
    const auto wide = platform::to_wide(volume_name(opened->volumes[number]) + "\\");
    if (wide.size() >= room) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return false;
    }
    std::memcpy(name, wide.c_str(), (wide.size() + 1) * sizeof(wchar_t));
    return true;
}

HANDLE WINAPI create(const wchar_t* name, DWORD access, DWORD share, SECURITY_ATTRIBUTES* security, DWORD how,
                     DWORD flags, HANDLE like) {
    const std::lock_guard lock(mutex);
    const bool volume = name && (flags & FILE_FLAG_BACKUP_SEMANTICS) == 0 && named(platform::from_wide(name));
    if (!volume) return real_create(name, access, share, security, how, flags, like);
    const HANDLE handle = real_create(L"NUL", GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    volume_handles[handle] = static_cast<std::size_t>(named(platform::from_wide(name)) - opened->volumes.data());
    return handle;
}

BOOL WINAPI control(HANDLE handle, DWORD code, void* in, DWORD in_size, void* out, DWORD room, DWORD* got,
                    OVERLAPPED* overlapped) {
    const std::lock_guard lock(mutex);
    const auto at = volume_handles.find(handle);
    if (at == volume_handles.end()) return real_control(handle, code, in, in_size, out, room, got, overlapped);
    if (code == FSCTL_LOCK_VOLUME || code == FSCTL_DISMOUNT_VOLUME) return TRUE;
    if (code == IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS && room >= sizeof(VOLUME_DISK_EXTENTS) && attached) {
        VOLUME_DISK_EXTENTS told{};
        told.NumberOfDiskExtents = 1;
        told.Extents[0].DiskNumber = kDiskNumber;
        told.Extents[0].StartingOffset.QuadPart = static_cast<LONGLONG>(opened->volumes[at->second].offset);
        told.Extents[0].ExtentLength.QuadPart = static_cast<LONGLONG>(opened->volumes[at->second].size);
        std::memcpy(out, &told, sizeof told);
        *got = sizeof told;
        return TRUE;
    }
    SetLastError(ERROR_INVALID_FUNCTION);
    return FALSE;
}

BOOL WINAPI flush(HANDLE handle) {
    const std::lock_guard lock(mutex);
    return volume_handles.contains(handle) ? TRUE : real_flush(handle);
}

BOOL WINAPI close(HANDLE handle) {
    {
        const std::lock_guard lock(mutex);
        volume_handles.erase(handle);
    }
    return real_close(handle);
}

HANDLE WINAPI find_first(wchar_t* name, DWORD room) {
    const std::lock_guard lock(mutex);
    searched = 0;
    if (!attached || opened->volumes.empty() || !give_name(searched++, name, room)) {
        SetLastError(ERROR_NO_MORE_FILES);
        return INVALID_HANDLE_VALUE;
    }
    return reinterpret_cast<HANDLE>(&searched);
}

BOOL WINAPI find_next(HANDLE, wchar_t* name, DWORD room) {
    const std::lock_guard lock(mutex);
    if (attached && searched < opened->volumes.size()) return give_name(searched++, name, room);
    SetLastError(ERROR_NO_MORE_FILES);
    return FALSE;
}

BOOL WINAPI find_close(HANDLE) {
    return TRUE;
}

} // namespace

// Exported under their own names by disk_exports.def: Windows' header, which windows.h brings along, would import them.
#define EXPORT extern "C" DWORD WINAPI

EXPORT StandinOpenVirtualDisk(void*, const wchar_t* path, DWORD, DWORD, void*, HANDLE* handle) {
    const std::lock_guard lock(mutex);
    if (opened) return ERROR_SHARING_VIOLATION;
    const auto name = platform::from_wide(path);
    if (!platform::file_exists(name)) return ERROR_FILE_NOT_FOUND;
    opened.emplace();
    opened->image = name;
    *handle = opened->handle = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    return ERROR_SUCCESS;
}

EXPORT StandinAttachVirtualDisk(HANDLE handle, void*, DWORD flags, DWORD, void*, void*) {
    const std::lock_guard lock(mutex);
    constexpr DWORD no_drive_letter = 2, permanent = 4;
    if (!opened || opened->handle != handle || attached) return ERROR_INVALID_HANDLE;
    if ((flags & no_drive_letter) == 0 || (flags & permanent) != 0) return ERROR_INVALID_PARAMETER;
    auto volumes = standins::bring_out(opened->image);
    if (!volumes) {
        complain("attaching", volumes.error());
        const bool busy = volumes.error().code == "disk.in_use";
        opened.reset();
        return busy ? ERROR_SHARING_VIOLATION : ERROR_FILE_CORRUPT;
    }
    auto file = platform::File::open(opened->image, platform::OpenMode::read_write);
    if (!file || !file->lock_exclusive()) {
        opened.reset();
        return ERROR_SHARING_VIOLATION;
    }
    opened->volumes = std::move(*volumes);
    opened->locked.emplace(std::move(*file));
    attached = true;
    return ERROR_SUCCESS;
}

EXPORT StandinGetVirtualDiskPhysicalPath(HANDLE handle, ULONG* bytes, wchar_t* path) {
    const std::lock_guard lock(mutex);
    if (!attached || opened->handle != handle) return ERROR_DEV_NOT_EXIST;
    const auto name = L"\\\\.\\PhysicalDrive" + std::to_wstring(kDiskNumber);
    const auto needed = static_cast<ULONG>((name.size() + 1) * sizeof(wchar_t));
    const bool fits = *bytes >= needed;
    *bytes = needed;
    if (!fits) return ERROR_INSUFFICIENT_BUFFER;
    std::memcpy(path, name.c_str(), needed);
    return ERROR_SUCCESS;
}

EXPORT StandinDetachVirtualDisk(HANDLE handle, DWORD, DWORD) {
    const std::lock_guard lock(mutex);
    if (!attached || opened->handle != handle) return ERROR_NOT_READY;
    if (!volume_handles.empty()) return ERROR_BUSY; // it is used
    opened->locked.reset();
    const auto back = standins::bring_back(opened->image, opened->volumes);
    attached = false;
    opened.reset();
    if (back) return ERROR_SUCCESS;
    complain("detaching", back.error());
    return ERROR_WRITE_FAULT;
}

extern "C" BOOL WINAPI DllMain(HINSTANCE, DWORD reason, void*) {
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    const auto hook = [](const char* name, auto& real, auto* ours) {
        if (void* before = standins::replace_import(name, reinterpret_cast<void*>(ours)))
            real = reinterpret_cast<std::remove_reference_t<decltype(real)>>(before);
    };
    hook("CreateFileW", real_create, &create);
    hook("DeviceIoControl", real_control, &control);
    hook("CloseHandle", real_close, &close);
    hook("FlushFileBuffers", real_flush, &flush);
    standins::replace_import("FindFirstVolumeW", reinterpret_cast<void*>(&find_first));
    standins::replace_import("FindNextVolumeW", reinterpret_cast<void*>(&find_next));
    standins::replace_import("FindVolumeClose", reinterpret_cast<void*>(&find_close));
    return TRUE;
}

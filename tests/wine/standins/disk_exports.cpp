#include "attached_volume.h"
#include "control_answer.h"
#include "import_table.h"
#include "platform/file.h"
#include "platform/process.h"
#include "platform/win/wide.h"
#include "support/physical_disk.h"
#include "support/strings.h"

#include <windows.h>

#include <winioctl.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

// virtdisk's functions as the program uses them, and the kernel's that know volumes. An attached image is a directory
// with its volume's files; the volume's name is that directory's path, so that all files on it are Wine's own business.
// The same for a pass-through disk while it is online. Its sectors are those of the simulated host's file. That it is
// offline, or who may have it so, is the other stand-in's business (disk_calls.cpp), which these functions stand
// before.

namespace {

using namespace exhyperv;
using standins::answer;

constexpr std::uint32_t kDiskNumber = 40; ///< of an attached image
constexpr DWORD kSetAttributes =
    CTL_CODE(IOCTL_DISK_BASE, 0x003d, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS);

struct Attached {
    HANDLE handle = nullptr; ///< what the program got for the image; null: a pass-through disk
    std::string image;
    std::uint32_t number = kDiskNumber;
    bool read_only = false;
    std::vector<standins::AttachedVolume> volumes;
    std::optional<platform::File> locked; ///< nobody else has the image meanwhile
};

std::mutex mutex;
std::optional<Attached> opened;
bool attached = false;
std::map<HANDLE, std::size_t> volume_handles; ///< which of the volumes
std::map<HANDLE, std::uint32_t> disk_handles; ///< pass-through disks, by number
std::size_t searched = 0;

decltype(&CreateFileW) real_create = &CreateFileW;
decltype(&DeviceIoControl) real_control = &DeviceIoControl;
decltype(&CloseHandle) real_close = &CloseHandle;
decltype(&FlushFileBuffers) real_flush = &FlushFileBuffers;
decltype(&ReadFile) real_read = &ReadFile;

/// The simulated host's file of a physical disk (HostTree); empty: it has no content.
std::string content_of(std::uint32_t disk) {
    namespace fs = std::filesystem;
    std::error_code code;
    const auto data = platform::environment("EXHYPERV_WMI_DATA").value_or("");
    for (const auto& world : fs::directory_iterator(fs::path(platform::to_wide(data + "\\sim")), code)) {
        const auto file = world.path() / "files" / "disks" / (std::to_string(disk) + ".img");
        if (fs::exists(file, code)) return platform::from_wide(file.wstring());
    }
    return {};
}

/// Opened for each question: an open file would be in the way of who brings it in or out.
BOOL ask_content(const std::string& path, DWORD code, void* out, DWORD room, DWORD* got) {
    if (code == IOCTL_DISK_GET_LENGTH_INFO) {
        const auto file = platform::File::open(path, platform::OpenMode::read);
        GET_LENGTH_INFORMATION told{};
        told.Length.QuadPart = static_cast<LONGLONG>(file ? file->size().value_or(0) : 0);
        return answer(&told, sizeof told, out, room, got);
    }
    struct {
        STORAGE_DEVICE_DESCRIPTOR head;
        char serial[16];
    } told{};
    told.head.Size = sizeof told;
    told.head.SerialNumberOffset =
        static_cast<DWORD>(reinterpret_cast<char*>(told.serial) - reinterpret_cast<char*>(&told));
    std::memcpy(told.serial, "SIMULATED-1", 12);
    return answer(&told, sizeof told, out, room, got);
}

BOOL WINAPI read(HANDLE handle, void* out, DWORD size, DWORD* got, OVERLAPPED* at) {
    std::string path;
    {
        const std::lock_guard lock(mutex);
        const auto disk = disk_handles.find(handle);
        if (disk != disk_handles.end()) path = content_of(disk->second);
    }
    if (path.empty()) return real_read(handle, out, size, got, at);
    const HANDLE file =
        real_create(platform::to_wide(path).c_str(), GENERIC_READ, 7, nullptr, OPEN_EXISTING, 0, nullptr);
    const BOOL done = file != INVALID_HANDLE_VALUE && real_read(file, out, size, got, at);
    const DWORD code = GetLastError();
    if (file != INVALID_HANDLE_VALUE) real_close(file);
    SetLastError(code);
    return done;
}

void complain(const std::string& what, const Error& error) {
    std::fprintf(stderr, "virtdisk stand-in: %s: %s\n", what.c_str(), describe(error).c_str());
}

/// Going online brings the volumes out, going offline brings them back.
bool set_online(std::uint32_t disk, const std::string& path, bool online) {
    if (online) {
        auto volumes = standins::bring_out(path);
        if (!volumes) complain("going online", volumes.error());
        if (!volumes) return false;
        opened.emplace();
        opened->image = path;
        opened->number = disk;
        opened->volumes = std::move(*volumes);
        attached = true;
        return true;
    }
    if (!attached || opened->number != disk) return true;
    if (!volume_handles.empty()) return false; // it is used
    const auto back = standins::bring_back(path, opened->volumes);
    attached = false;
    opened.reset();
    if (!back) complain("going offline", back.error());
    return back.has_value();
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
    if (!volume) {
        const HANDLE opened_disk = real_create(name, access, share, security, how, flags, like);
        const auto disk = name ? physical_disk_number(platform::from_wide(name)) : std::nullopt;
        if (disk && opened_disk != INVALID_HANDLE_VALUE) disk_handles[opened_disk] = *disk;
        return opened_disk;
    }
    const HANDLE handle = real_create(L"NUL", GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    volume_handles[handle] = static_cast<std::size_t>(named(platform::from_wide(name)) - opened->volumes.data());
    return handle;
}

BOOL WINAPI control(HANDLE handle, DWORD code, void* in, DWORD in_size, void* out, DWORD room, DWORD* got,
                    OVERLAPPED* overlapped) {
    const std::lock_guard lock(mutex);
    if (const auto disk = disk_handles.find(handle); disk != disk_handles.end()) {
        const auto path = content_of(disk->second);
        if (!path.empty() && (code == IOCTL_DISK_GET_LENGTH_INFO || code == IOCTL_STORAGE_QUERY_PROPERTY))
            return ask_content(path, code, out, room, got);
        if (!path.empty() && code == kSetAttributes && in_size == 40) {
            std::uint64_t attributes = 0;
            std::memcpy(&attributes, static_cast<const char*>(in) + 8, sizeof attributes);
            if (!set_online(disk->second, path, attributes == 0)) {
                SetLastError(ERROR_BUSY);
                return FALSE;
            }
        }
    }
    const auto at = volume_handles.find(handle);
    if (at == volume_handles.end()) return real_control(handle, code, in, in_size, out, room, got, overlapped);
    if (code == FSCTL_LOCK_VOLUME || code == FSCTL_DISMOUNT_VOLUME) return TRUE;
    if (code == IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS && room >= sizeof(VOLUME_DISK_EXTENTS) && attached) {
        VOLUME_DISK_EXTENTS told{};
        told.NumberOfDiskExtents = 1;
        told.Extents[0].DiskNumber = opened->number;
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
        disk_handles.erase(handle);
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
    constexpr DWORD read_only = 1, no_drive_letter = 2, permanent = 4;
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
    opened->read_only = (flags & read_only) != 0;
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
    const auto back =
        opened->read_only ? standins::forget(opened->volumes) : standins::bring_back(opened->image, opened->volumes);
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
    hook("ReadFile", real_read, &read);
    standins::replace_import("FindFirstVolumeW", reinterpret_cast<void*>(&find_first));
    standins::replace_import("FindNextVolumeW", reinterpret_cast<void*>(&find_next));
    standins::replace_import("FindVolumeClose", reinterpret_cast<void*>(&find_close));
    return TRUE;
}

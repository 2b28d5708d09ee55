#include "guest/disk/win/mounted_volume.h"

#include "platform/win/wide.h"
#include "support/log.h"

#include <array>
#include <optional>
#include <winioctl.h>

namespace exhyperv::guest {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);
constexpr std::size_t kMostExtents = 16; ///< more are a spanned volume, which no guest's system lies on

/// The name of a volume as it is opened: without the separator that names its root directory.
std::wstring without_separator(std::wstring name) {
    if (!name.empty() && name.back() == L'\\') name.pop_back();
    return name;
}

bool lies_at(const std::wstring& name, const MountedVolume::Place& place) {
    const Handle volume(CreateFileW(without_separator(name).c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                    OPEN_EXISTING, 0, nullptr));
    if (!volume) return false; // it has gone again, or is none of ours to see
    alignas(VOLUME_DISK_EXTENTS) std::array<std::byte, sizeof(VOLUME_DISK_EXTENTS) + kMostExtents * sizeof(DISK_EXTENT)>
        buffer{};
    DWORD got = 0;
    if (!DeviceIoControl(volume.get(), IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, nullptr, 0, buffer.data(),
                         static_cast<DWORD>(buffer.size()), &got, nullptr))
        return false;
    const auto& extents = *reinterpret_cast<const VOLUME_DISK_EXTENTS*>(buffer.data());
    return extents.NumberOfDiskExtents == 1 && extents.Extents[0].DiskNumber == place.disk_number &&
           static_cast<std::uint64_t>(extents.Extents[0].StartingOffset.QuadPart) == place.offset;
}

std::optional<std::wstring> look_for(const MountedVolume::Place& place) {
    std::array<wchar_t, MAX_PATH> name{};
    const HANDLE search = FindFirstVolumeW(name.data(), static_cast<DWORD>(name.size()));
    if (search == INVALID_HANDLE_VALUE) return std::nullopt;
    std::optional<std::wstring> found;
    do {
        if (lies_at(name.data(), place)) found = name.data();
    } while (!found && FindNextVolumeW(search, name.data(), static_cast<DWORD>(name.size())));
    FindVolumeClose(search);
    return found;
}

} // namespace

Result<MountedVolume> MountedVolume::find(const Place& place, const CallContext& context) {
    const auto began = Deadline::Clock::now();
    for (;;) {
        if (auto root = look_for(place)) {
            const DWORD access = place.access == Access::write ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ;
            Handle handle(CreateFileW(without_separator(*root).c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                      nullptr, OPEN_EXISTING, 0, nullptr));
            if (!handle) return fail_in_guest(GetLastError(), platform::from_wide(*root), "CreateFile");
            return MountedVolume(std::move(*root), std::move(handle));
        }
        if (context.sleep(kPause, "the volume of the guest")) continue;
        const auto waited = std::chrono::duration_cast<std::chrono::seconds>(Deadline::Clock::now() - began);
        return fail("guest.volume_missing", {{"disk", place.image},
                                             {"partition", std::to_string(place.partition)},
                                             {"seconds", std::to_string(waited.count())}});
    }
}

Result<> MountedVolume::flush() {
    if (FlushFileBuffers(handle_.get())) return {};
    return fail_in_guest(GetLastError(), platform::from_wide(root_), "FlushFileBuffers");
}

Result<> MountedVolume::dismount(const CallContext& context) {
    DWORD got = 0;
    while (!DeviceIoControl(handle_.get(), FSCTL_LOCK_VOLUME, nullptr, 0, nullptr, 0, &got, nullptr)) {
        const DWORD code = GetLastError();
        if (context.sleep(kPause, "the volume of the guest")) continue;
        log(LogLevel::warn, "a guest's volume is in use by another program (error " + std::to_string(code) +
                                "); it is closed all the same");
        break;
    }
    const bool done = DeviceIoControl(handle_.get(), FSCTL_DISMOUNT_VOLUME, nullptr, 0, nullptr, 0, &got, nullptr) != 0;
    const DWORD code = GetLastError();
    handle_.close();
    if (!done) return fail_in_guest(code, platform::from_wide(root_), "FSCTL_DISMOUNT_VOLUME");
    return {};
}

} // namespace exhyperv::guest

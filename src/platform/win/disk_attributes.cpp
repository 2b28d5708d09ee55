#include "platform/win/disk_attributes.h"

#include "platform/win/errors.h"

#include <windows.h>

#include <winioctl.h>

namespace exhyperv::platform {

namespace {

struct DiskAttributes { // GET_DISK_ATTRIBUTES
    DWORD version, reserved;
    DWORDLONG attributes;
};
struct SetDiskAttributes { // SET_DISK_ATTRIBUTES
    DWORD version;
    BYTE persist, reserved1[3];
    DWORDLONG attributes, mask;
    DWORD reserved2[4];
};
constexpr DWORD kGetDiskAttributes = CTL_CODE(IOCTL_DISK_BASE, 0x003c, METHOD_BUFFERED, FILE_ANY_ACCESS);
constexpr DWORD kSetDiskAttributes =
    CTL_CODE(IOCTL_DISK_BASE, 0x003d, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS);

bool has_no_such_state(DWORD code) {
    return code == ERROR_INVALID_FUNCTION || code == ERROR_NOT_SUPPORTED || code == ERROR_NOT_READY ||
           code == ERROR_NO_MEDIA_IN_DRIVE;
}

} // namespace

Result<std::optional<std::uint64_t>> disk_attributes(void* handle, const std::string& path) {
    DiskAttributes now{sizeof now, 0, 0};
    DWORD got = 0;
    if (DeviceIoControl(handle, kGetDiskAttributes, nullptr, 0, &now, sizeof now, &got, nullptr)) return now.attributes;
    const DWORD code = GetLastError();
    if (has_no_such_state(code)) return std::nullopt;
    return fail_win32(code, path, "IOCTL_DISK_GET_DISK_ATTRIBUTES");
}

Result<> set_disk_attributes(void* handle, const std::string& path, std::uint64_t attributes, std::uint64_t mask) {
    SetDiskAttributes wanted{};
    wanted.version = sizeof wanted;
    wanted.attributes = attributes;
    wanted.mask = mask;
    DWORD got = 0;
    if (!DeviceIoControl(handle, kSetDiskAttributes, &wanted, sizeof wanted, nullptr, 0, &got, nullptr))
        return fail_win32(GetLastError(), path, "IOCTL_DISK_SET_DISK_ATTRIBUTES");
    if (!DeviceIoControl(handle, IOCTL_DISK_UPDATE_PROPERTIES, nullptr, 0, nullptr, 0, &got, nullptr))
        return fail_win32(GetLastError(), path, "IOCTL_DISK_UPDATE_PROPERTIES");
    return {};
}

} // namespace exhyperv::platform

#include "transport/wmi_com/ports/win_disk_access.h"

#include "platform/win/errors.h"
#include "platform/win/wide.h"

#include <windows.h>

#include <winioctl.h>

#include <array>

namespace exhyperv::wmi_com {

namespace {

using platform::fail_win32;

constexpr std::uint64_t kOffline = 0x1; // DISK_ATTRIBUTE_OFFLINE

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

/// An open disk or volume. Without access rights, questions that need none are answered to everybody.
class Opened {
  public:
    static Result<Opened> open(const std::string& path, DWORD access) {
        const HANDLE handle = CreateFileW(platform::to_wide(path).c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                          nullptr, OPEN_EXISTING, 0, nullptr);
        if (handle == INVALID_HANDLE_VALUE) return fail_win32(GetLastError(), path, "CreateFile");
        return Opened(handle, path);
    }
    Opened(Opened&& other) noexcept : handle_(other.handle_), path_(std::move(other.path_)) {
        other.handle_ = INVALID_HANDLE_VALUE;
    }
    Opened& operator=(Opened&&) = delete;
    ~Opened() {
        if (handle_ != INVALID_HANDLE_VALUE) CloseHandle(handle_);
    }
    /// 0, or the system's error code.
    DWORD control(DWORD code, const void* in, std::size_t in_size, void* out, std::size_t out_size) const {
        DWORD got = 0;
        const BOOL done = DeviceIoControl(handle_, code, const_cast<void*>(in), static_cast<DWORD>(in_size), out,
                                          static_cast<DWORD>(out_size), &got, nullptr);
        return done ? ERROR_SUCCESS : GetLastError();
    }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    Opened(HANDLE handle, std::string path) : handle_(handle), path_(std::move(path)) {}
    HANDLE handle_;
    std::string path_;
};

/// Kinds of disks that cannot be taken offline (optical, empty card readers) say so.
bool has_no_such_state(DWORD code) {
    return code == ERROR_INVALID_FUNCTION || code == ERROR_NOT_SUPPORTED || code == ERROR_NOT_READY ||
           code == ERROR_NO_MEDIA_IN_DRIVE;
}

class NativeDiskAccess final : public DiskAccess {
  public:
    Result<State> look(const std::string& interface_path) override {
        TRY_ASSIGN(const auto disk, Opened::open(interface_path, 0));
        STORAGE_DEVICE_NUMBER number{};
        if (const auto code = disk.control(IOCTL_STORAGE_GET_DEVICE_NUMBER, nullptr, 0, &number, sizeof number);
            code != ERROR_SUCCESS)
            return fail_win32(code, interface_path, "IOCTL_STORAGE_GET_DEVICE_NUMBER");
        State state;
        state.number = number.DeviceNumber;
        DiskAttributes now{sizeof now, 0, 0};
        const auto code = disk.control(kGetDiskAttributes, nullptr, 0, &now, sizeof now);
        if (code == ERROR_SUCCESS)
            state.online = (now.attributes & kOffline) == 0;
        else if (!has_no_such_state(code))
            return fail_win32(code, interface_path, "IOCTL_DISK_GET_DISK_ATTRIBUTES");
        return state;
    }

    Result<> set_online(std::uint32_t number, bool online) override {
        const std::string path = "\\\\.\\PhysicalDrive" + std::to_string(number);
        TRY_ASSIGN(const auto disk, Opened::open(path, GENERIC_READ | GENERIC_WRITE));
        // Not persistent: a host that restarts in mid-operation has its disks back.
        SetDiskAttributes wanted{};
        wanted.version = sizeof wanted;
        wanted.attributes = online ? 0 : kOffline;
        wanted.mask = kOffline;
        if (const auto code = disk.control(kSetDiskAttributes, &wanted, sizeof wanted, nullptr, 0);
            code != ERROR_SUCCESS)
            return fail_win32(code, path, "IOCTL_DISK_SET_DISK_ATTRIBUTES");
        if (const auto code = disk.control(IOCTL_DISK_UPDATE_PROPERTIES, nullptr, 0, nullptr, 0); code != ERROR_SUCCESS)
            return fail_win32(code, path, "IOCTL_DISK_UPDATE_PROPERTIES");
        return {};
    }

    Result<std::vector<std::uint32_t>> disks_of_volume(const std::string& volume_path) override {
        constexpr std::size_t most_extents = 256;
        TRY_ASSIGN(const auto volume, Opened::open(volume_path, 0));
        std::array<std::byte, sizeof(VOLUME_DISK_EXTENTS) + most_extents * sizeof(DISK_EXTENT)> buffer{};
        if (const auto code =
                volume.control(IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, nullptr, 0, buffer.data(), buffer.size());
            code != ERROR_SUCCESS)
            return fail_win32(code, volume_path, "IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS");
        const auto* extents = reinterpret_cast<const VOLUME_DISK_EXTENTS*>(buffer.data());
        if (extents->NumberOfDiskExtents > most_extents)
            return fail_win32(ERROR_MORE_DATA, volume_path, "IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS");
        std::vector<std::uint32_t> numbers;
        for (DWORD i = 0; i < extents->NumberOfDiskExtents; ++i)
            numbers.push_back(extents->Extents[i].DiskNumber);
        return numbers;
    }

    Result<std::string> windows_directory() override {
        std::array<wchar_t, MAX_PATH + 1> name{};
        const UINT length = GetSystemWindowsDirectoryW(name.data(), static_cast<UINT>(name.size()));
        if (length == 0 || length >= name.size())
            return fail_win32(GetLastError(), "%SystemRoot%", "GetSystemWindowsDirectory");
        return platform::from_wide({name.data(), length});
    }
};

} // namespace

std::unique_ptr<DiskAccess> make_disk_access() {
    return std::make_unique<NativeDiskAccess>();
}

} // namespace exhyperv::wmi_com

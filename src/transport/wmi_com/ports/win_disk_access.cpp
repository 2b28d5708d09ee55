#include "transport/wmi_com/ports/win_disk_access.h"

#include "platform/win/disk_attributes.h"
#include "platform/win/errors.h"
#include "platform/win/wide.h"
#include "support/physical_disk.h"

#include <windows.h>

#include <winioctl.h>

#include <array>

namespace exhyperv::wmi_com {

namespace {

using platform::fail_win32;

/// An open disk or volume. Without access rights, questions that need none are answered to everybody.
class Opened {
  public:
    static Result<Opened> open(const std::string& path, DWORD access) {
        const HANDLE handle = CreateFileW(platform::to_wide(path).c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                          nullptr, OPEN_EXISTING, 0, nullptr);
        if (handle == INVALID_HANDLE_VALUE) return fail_win32(GetLastError(), path, "CreateFile");
        return Opened(handle);
    }
    Opened(Opened&& other) noexcept : handle_(other.handle_) { other.handle_ = INVALID_HANDLE_VALUE; }
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
    [[nodiscard]] HANDLE handle() const { return handle_; }

  private:
    explicit Opened(HANDLE handle) : handle_(handle) {}
    HANDLE handle_;
};

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
        TRY_ASSIGN(const auto attributes, platform::disk_attributes(disk.handle(), interface_path));
        state.online = (attributes.value_or(0) & platform::kDiskOffline) == 0;
        return state;
    }

    Result<> set_online(std::uint32_t number, bool online) override {
        const std::string path = physical_disk_path(number);
        TRY_ASSIGN(const auto disk, Opened::open(path, GENERIC_READ | GENERIC_WRITE));
        return platform::set_disk_attributes(disk.handle(), path, online ? 0 : platform::kDiskOffline,
                                             platform::kDiskOffline);
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

#include "guest/disk/win/attached_image.h"

#include "guest/disk/win/disk_error.h"
#include "guest/image.h"
#include "platform/file.h"
#include "platform/win/errors.h"
#include "platform/win/wide.h"
#include "support/log.h"
#include "support/physical_disk.h"

#include <array>
#include <virtdisk.h>

namespace exhyperv::guest {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);

Result<std::uint32_t> number_of(HANDLE disk, const std::string& path) {
    std::array<wchar_t, MAX_PATH> name{};
    ULONG bytes = sizeof name;
    if (const DWORD code = GetVirtualDiskPhysicalPath(disk, &bytes, name.data()); code != ERROR_SUCCESS)
        return fail_attach(code, path, "GetVirtualDiskPhysicalPath");
    name.back() = L'\0';
    const auto number = physical_disk_number(platform::from_wide(name.data()));
    if (!number) return fail_attach(ERROR_INVALID_DATA, path, "GetVirtualDiskPhysicalPath");
    return *number;
}

} // namespace

Result<AttachedImage> AttachedImage::attach(const std::string& path, Access wanted) {
    TRY_ASSIGN(const std::string whole, platform::absolute_path(path));
    VIRTUAL_STORAGE_TYPE by_its_name{}; // device and vendor unknown: Windows looks itself
    HANDLE opened = nullptr;
    const bool writable = wanted == Access::write;
    const auto access = static_cast<VIRTUAL_DISK_ACCESS_MASK>(
        (writable ? VIRTUAL_DISK_ACCESS_ATTACH_RW : VIRTUAL_DISK_ACCESS_ATTACH_RO) | VIRTUAL_DISK_ACCESS_GET_INFO |
        VIRTUAL_DISK_ACCESS_DETACH);
    if (const DWORD code = OpenVirtualDisk(&by_its_name, platform::to_wide(whole).c_str(), access,
                                           OPEN_VIRTUAL_DISK_FLAG_NONE, nullptr, &opened);
        code != ERROR_SUCCESS)
        return fail_attach(code, path, "OpenVirtualDisk");
    AttachedImage image(Handle(opened), path, wanted);
    ATTACH_VIRTUAL_DISK_PARAMETERS parameters{};
    parameters.Version = ATTACH_VIRTUAL_DISK_VERSION_1;
    // Not for longer than this handle: a process that is killed leaves nothing attached.
    const auto how = static_cast<ATTACH_VIRTUAL_DISK_FLAG>(
        ATTACH_VIRTUAL_DISK_FLAG_NO_DRIVE_LETTER |
        (writable ? ATTACH_VIRTUAL_DISK_FLAG_NONE : ATTACH_VIRTUAL_DISK_FLAG_READ_ONLY));
    if (const DWORD code = AttachVirtualDisk(opened, nullptr, how, 0, &parameters, nullptr); code != ERROR_SUCCESS) {
        image.handle_.close(); // it was not we who attached it
        return fail_attach(code, path, "AttachVirtualDisk");
    }
    TRY_ASSIGN(image.number_, number_of(opened, path));
    return image;
}

AttachedImage::~AttachedImage() {
    if (!handle_) return;
    if (const DWORD code = DetachVirtualDisk(handle_.get(), DETACH_VIRTUAL_DISK_FLAG_NONE, 0); code != ERROR_SUCCESS)
        log(LogLevel::warn, "detaching " + path_ + ": error " + std::to_string(code) + "; closing it does it");
}

Result<> AttachedImage::detach(const CallContext& context) {
    const auto began = Deadline::Clock::now();
    std::string reason;
    const auto given_up = [&] {
        const auto waited = std::chrono::duration_cast<std::chrono::seconds>(Deadline::Clock::now() - began);
        return fail("disk.not_detached",
                    {{"path", path_}, {"seconds", std::to_string(waited.count())}, {"reason", reason}});
    };
    for (;;) {
        const DWORD code = DetachVirtualDisk(handle_.get(), DETACH_VIRTUAL_DISK_FLAG_NONE, 0);
        if (code == ERROR_SUCCESS) break;
        reason = describe(platform::fail_win32(code, path_, "DetachVirtualDisk").value());
        if (!context.sleep(kPause, "detaching the image")) return given_up();
    }
    handle_.close();
    const bool writable = access_ == Access::write;
    for (;;) { // it is free when we could have it for ourselves
        const auto alone = open_image(path_, {.writable = writable, .replay_log = writable});
        if (alone) return {};
        reason = describe(alone.error());
        if (alone.error().code != "disk.in_use") return fail(alone.error());
        if (!context.sleep(kPause, "detaching the image")) return given_up();
    }
}

} // namespace exhyperv::guest

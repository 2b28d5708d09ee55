#include "guest/disk/win/attached_image.h"

#include "guest/image.h"
#include "platform/file.h"
#include "platform/win/errors.h"
#include "platform/win/wide.h"
#include "support/log.h"
#include "support/strings.h"

#include <algorithm>
#include <array>
#include <virtdisk.h>

namespace exhyperv::guest {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);
constexpr std::string_view kDrive = R"(\\.\PhysicalDrive)";

tl::unexpected<Error> fail_attach(DWORD code, const std::string& path, const std::string& call) {
    Error error = platform::fail_win32(code, path, call).value();
    if (error.code == "file.busy")
        error.code = "disk.in_use";
    else if (error.code == "file.not_found")
        error.code = "disk.not_found";
    else if (error.code == "file.access_denied")
        error.code = "disk.access_denied";
    else
        error.code = "disk.attach_failed";
    error.with("call", call);
    return fail(std::move(error));
}

Result<std::uint32_t> number_of(HANDLE disk, const std::string& path) {
    std::array<wchar_t, MAX_PATH> name{};
    ULONG bytes = sizeof name;
    if (const DWORD code = GetVirtualDiskPhysicalPath(disk, &bytes, name.data()); code != ERROR_SUCCESS)
        return fail_attach(code, path, "GetVirtualDiskPhysicalPath");
    name.back() = L'\0';
    const std::string drive = platform::from_wide(name.data());
    const std::string_view digits = std::string_view(drive).substr(std::min(kDrive.size(), drive.size()));
    const auto number = istarts_with(drive, kDrive) ? parse_u64(digits).value_or(~0ull) : ~0ull;
    if (number > UINT32_MAX) return fail_attach(ERROR_INVALID_DATA, path, "GetVirtualDiskPhysicalPath");
    return static_cast<std::uint32_t>(number);
}

} // namespace

Result<AttachedImage> AttachedImage::attach(const std::string& path) {
    TRY_ASSIGN(const std::string whole, platform::absolute_path(path));
    VIRTUAL_STORAGE_TYPE by_its_name{}; // device and vendor unknown: Windows looks itself
    HANDLE opened = nullptr;
    constexpr auto access = static_cast<VIRTUAL_DISK_ACCESS_MASK>(
        VIRTUAL_DISK_ACCESS_ATTACH_RW | VIRTUAL_DISK_ACCESS_GET_INFO | VIRTUAL_DISK_ACCESS_DETACH);
    if (const DWORD code = OpenVirtualDisk(&by_its_name, platform::to_wide(whole).c_str(), access,
                                           OPEN_VIRTUAL_DISK_FLAG_NONE, nullptr, &opened);
        code != ERROR_SUCCESS)
        return fail_attach(code, path, "OpenVirtualDisk");
    AttachedImage image(Handle(opened), path);
    ATTACH_VIRTUAL_DISK_PARAMETERS parameters{};
    parameters.Version = ATTACH_VIRTUAL_DISK_VERSION_1;
    // Not for longer than this handle: a process that is killed leaves nothing attached.
    if (const DWORD code =
            AttachVirtualDisk(opened, nullptr, ATTACH_VIRTUAL_DISK_FLAG_NO_DRIVE_LETTER, 0, &parameters, nullptr);
        code != ERROR_SUCCESS) {
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
    for (;;) { // it is free when we could have it for ourselves
        const auto alone = open_image(path_, {.writable = true, .replay_log = true});
        if (alone) return {};
        reason = describe(alone.error());
        if (alone.error().code != "disk.in_use") return fail(alone.error());
        if (!context.sleep(kPause, "detaching the image")) return given_up();
    }
}

} // namespace exhyperv::guest

#include "guest/disk/win/online_disk.h"

#include "guest/block/beside_image.h"
#include "guest/disk/win/disk_error.h"
#include "platform/file.h"
#include "platform/win/disk_attributes.h"
#include "platform/win/wide.h"
#include "support/log.h"
#include "support/physical_disk.h"
#include "support/strings.h"

namespace exhyperv::guest {
namespace {

using platform::kDiskOffline;
using platform::kDiskReadOnly;

constexpr auto kPause = std::chrono::milliseconds(100);
constexpr std::uint64_t kOurs = kDiskOffline | kDiskReadOnly; ///< the attributes that are changed for the time
constexpr std::uint64_t kLargestNote = 64;

/// The attributes a killed process found before it brought the disk online; nullopt: none did.
Result<std::optional<std::uint64_t>> noted_before(const std::string& note) {
    if (!platform::file_exists(note)) return std::nullopt;
    TRY_ASSIGN(const auto text, platform::read_text_file(note, kLargestNote));
    return parse_u64(trim(text)).value_or(kDiskOffline) | kDiskOffline;
}

} // namespace

Result<OnlineDisk> OnlineDisk::bring(const std::string& path) {
    const auto number = physical_disk_number(path);
    if (!number) return fail("disk.not_found", {{"path", path}});
    Handle handle(CreateFileW(platform::to_wide(path).c_str(), GENERIC_READ | GENERIC_WRITE,
                              FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr));
    if (!handle) return fail_attach(GetLastError(), path, "CreateFile");
    const auto now = platform::disk_attributes(handle.get(), path);
    if (!now) return fail_attach(now.error(), "IOCTL_DISK_GET_DISK_ATTRIBUTES");
    const std::string note = path_beside(path, kOnlineSuffix);
    TRY_ASSIGN(const auto left, noted_before(note));
    const bool offline = (now->value_or(0) & kDiskOffline) != 0;
    if (!offline && !left) return fail("disk.online", {{"path", path}});

    OnlineDisk disk(std::move(handle), path, *number, left.value_or(now->value_or(kDiskOffline)) & kOurs);
    TRY(platform::make_directories(platform::directory_of(note)));
    TRY(platform::write_file_atomically(note, std::to_string(disk.before_) + "\n"));
    if (const auto set = platform::set_disk_attributes(disk.handle_.get(), path, 0, kOurs); !set)
        return fail_attach(set.error(), "IOCTL_DISK_SET_DISK_ATTRIBUTES");
    return disk;
}

Result<> OnlineDisk::take_offline() {
    TRY(platform::set_disk_attributes(handle_.get(), path_, before_, kOurs));
    TRY_ASSIGN(const auto now, platform::disk_attributes(handle_.get(), path_));
    if ((now.value_or(0) & kDiskOffline) == 0) return fail("disk.online", {{"path", path_}});
    handle_.close();
    return platform::remove_file(path_beside(path_, kOnlineSuffix));
}

OnlineDisk::~OnlineDisk() {
    if (!handle_) return;
    if (const auto done = take_offline(); !done)
        log(LogLevel::warn, "the disk " + path_ + " stays online: " + describe(done.error()));
}

Result<> OnlineDisk::give_back(const CallContext& context) {
    const auto began = Deadline::Clock::now();
    for (;;) {
        const auto done = take_offline();
        if (done) return {};
        if (context.sleep(kPause, "taking the disk offline")) continue;
        const auto waited = std::chrono::duration_cast<std::chrono::seconds>(Deadline::Clock::now() - began);
        return fail("disk.not_detached",
                    {{"path", path_}, {"seconds", std::to_string(waited.count())}, {"reason", describe(done.error())}});
    }
}

} // namespace exhyperv::guest

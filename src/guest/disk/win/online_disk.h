#pragma once

#include "guest/disk/win/handle.h"
#include "support/deadline.h"

#include <cstdint>
#include <string>

namespace exhyperv::guest {

/// A pass-through disk, which is offline in the host as Hyper-V wants it, while it is online to be worked on. Windows
/// gives its volumes drive letters as of any disk that comes. A process that is killed leaves it online: what is kept
/// outside of the disk (beside_image.h, kOnlineSuffix) says so, and the next one goes on from there.
class OnlineDisk {
  public:
    /// `path` is "\\.\PhysicalDriveN". A disk that is online without our doing is the host's own: `disk.online` {path}.
    /// Errors besides: disk.not_found, disk.access_denied, disk.attach_failed {path, call, reason}.
    static Result<OnlineDisk> bring(const std::string& path);

    OnlineDisk(OnlineDisk&&) noexcept = default;
    OnlineDisk& operator=(OnlineDisk&&) = delete;
    ~OnlineDisk();

    [[nodiscard]] std::uint32_t disk_number() const { return number_; }

    /// Offline again, as read back; tried again until the deadline. `disk.not_detached` {path, seconds, reason}.
    [[nodiscard]] Result<> give_back(const CallContext& context);

  private:
    OnlineDisk(Handle handle, std::string path, std::uint32_t number, std::uint64_t before)
        : handle_(std::move(handle)), path_(std::move(path)), number_(number), before_(before) {}
    [[nodiscard]] Result<> take_offline();

    Handle handle_;
    std::string path_;
    std::uint32_t number_ = 0;
    std::uint64_t before_ = 0; ///< its attributes
};

} // namespace exhyperv::guest

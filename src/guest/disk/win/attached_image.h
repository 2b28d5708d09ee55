#pragma once

#include "guest/disk/win/handle.h"
#include "support/deadline.h"

#include <cstdint>
#include <string>

namespace exhyperv::guest {

/// A disk image that is a disk of this machine for as long as the object lives, without a drive letter. Windows itself
/// detaches it when the process dies.
class AttachedImage {
  public:
    /// An image that somebody else has attached or opened is `disk.in_use`: what others attached is not detached here.
    /// Errors besides: disk.not_found, disk.access_denied, disk.attach_failed {path, call, reason}.
    static Result<AttachedImage> attach(const std::string& path, Access wanted);

    AttachedImage(AttachedImage&&) noexcept = default;
    AttachedImage& operator=(AttachedImage&&) = delete;
    ~AttachedImage();

    [[nodiscard]] std::uint32_t disk_number() const { return number_; } ///< of \\.\PhysicalDriveN

    /// Returns when the image can be opened by nobody else's leave: detaching is tried again until the deadline.
    /// `disk.not_detached` {path, seconds, reason}.
    [[nodiscard]] Result<> detach(const CallContext& context);

  private:
    AttachedImage(Handle handle, std::string path, Access access)
        : handle_(std::move(handle)), path_(std::move(path)), access_(access) {}
    Handle handle_;
    std::string path_;
    Access access_ = Access::read;
    std::uint32_t number_ = 0;
};

} // namespace exhyperv::guest

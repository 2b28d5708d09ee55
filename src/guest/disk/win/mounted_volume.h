#pragma once

#include "guest/disk/win/handle.h"
#include "support/deadline.h"

#include <cstdint>
#include <string>

namespace exhyperv::guest {

/// A volume that Windows has mounted, by its place on a disk.
class MountedVolume {
  public:
    /// Waits until Windows shows the volume that begins there. `guest.volume_missing` {disk, partition, seconds}.
    struct Place {
        std::uint32_t disk_number = 0;
        std::uint64_t offset = 0; ///< bytes
        std::string image;        ///< for errors
        std::uint32_t partition = 0;
        Access access = Access::write;
    };
    static Result<MountedVolume> find(const Place& place, const CallContext& context);

    /// "\\?\Volume{…}\": what paths on it begin with.
    [[nodiscard]] const std::wstring& root() const { return root_; }
    /// Everything written to any of its files so far is durable when it returns.
    [[nodiscard]] Result<> flush();
    /// Makes Windows close the file system, so that its log is clean. Whoever else has it open loses it, after the
    /// deadline.
    [[nodiscard]] Result<> dismount(const CallContext& context);

  private:
    MountedVolume(std::wstring root, Handle handle) : root_(std::move(root)), handle_(std::move(handle)) {}
    std::wstring root_;
    Handle handle_;
};

} // namespace exhyperv::guest

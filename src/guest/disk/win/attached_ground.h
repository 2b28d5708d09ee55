#pragma once

#include "guest/disk/open_disk.h"
#include "guest/disk/win/attached_image.h"
#include "guest/disk/win/mounted_volume.h"
#include "guest/disk/win/online_disk.h"
#include "guest/undo/plain_volume.h"

#include <memory>
#include <optional>
#include <string>

namespace exhyperv::guest {

/// A guest's disk that is one of this machine, with the one volume of it that is worked on: an image is attached, a
/// pass-through disk brought online.
class AttachedGround final : public VolumeGround {
  public:
    /// Errors: those of AttachedImage and OnlineDisk. A physical disk is not brought online for reading:
    /// `guest.bitlocker` is what reading one is for.
    static Result<std::unique_ptr<AttachedGround>> attach(const std::string& disk, Access access);
    ~AttachedGround() override;

    [[nodiscard]] const std::string& disk() const { return disk_; }
    /// Waits for a volume of the disk. `guest.volume_missing`, guest.access.
    [[nodiscard]] Result<MountedVolume> find(const Partition& partition) const;
    /// Takes the volume for the one that is worked on.
    [[nodiscard]] Result<> choose(const Partition& partition);
    /// Its files. Not to be used after close().
    [[nodiscard]] std::unique_ptr<PlainVolume> files();

    Result<> close() override;

  private:
    AttachedGround(std::string disk, Access access) : disk_(std::move(disk)), access_(access) {}
    [[nodiscard]] Result<> let_go();

    std::string disk_;
    Access access_;
    std::optional<AttachedImage> image_;
    std::optional<OnlineDisk> physical_;
    std::optional<MountedVolume> volume_;
};

} // namespace exhyperv::guest

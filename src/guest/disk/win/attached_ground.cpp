#include "guest/disk/win/attached_ground.h"

#include "guest/disk/win/privileges.h"
#include "guest/disk/win/windows_volume.h"
#include "support/log.h"
#include "support/physical_disk.h"

namespace exhyperv::guest {
namespace {

constexpr auto kArrival = std::chrono::seconds(60); ///< of a volume; Windows reads the disk first
constexpr auto kClosing = std::chrono::seconds(15); ///< for others to let the volume go
constexpr auto kDetaching = std::chrono::seconds(60);

} // namespace

Result<std::unique_ptr<AttachedGround>> AttachedGround::attach(const std::string& disk, Access access) {
    take_backup_privileges();
    std::unique_ptr<AttachedGround> ground(new AttachedGround(disk, access));
    if (!physical_disk_number(disk)) {
        TRY_ASSIGN(auto attached, AttachedImage::attach(disk, access));
        ground->image_.emplace(std::move(attached));
    } else {
        if (access == Access::read) return fail("guest.bitlocker", {{"disk", disk}, {"partition", "?"}});
        TRY_ASSIGN(auto online, OnlineDisk::bring(disk));
        ground->physical_.emplace(std::move(online));
    }
    return ground;
}

AttachedGround::~AttachedGround() {
    if (const auto closed = close(); !closed)
        log(LogLevel::warn, "a guest's disk was not let go: " + describe(closed.error()));
}

Result<MountedVolume> AttachedGround::find(const Partition& partition) const {
    const std::uint32_t number = image_ ? image_->disk_number() : physical_->disk_number();
    return MountedVolume::find({number, partition.offset, disk_, partition.number, access_},
                               CallContext::within(kArrival));
}

Result<> AttachedGround::choose(const Partition& partition) {
    TRY_ASSIGN(auto volume, find(partition));
    volume_.emplace(std::move(volume));
    return {};
}

std::unique_ptr<PlainVolume> AttachedGround::files() {
    return std::make_unique<WindowsVolume>(volume_->root(), [this] { return volume_->flush(); });
}

Result<> AttachedGround::let_go() {
    const auto context = CallContext::within(kDetaching);
    auto done = image_ ? image_->detach(context) : physical_ ? physical_->give_back(context) : Result<>();
    image_.reset();
    physical_.reset();
    return done;
}

Result<> AttachedGround::close() {
    Result<> closed;
    if (volume_) closed = volume_->dismount(CallContext::within(kClosing));
    volume_.reset();
    TRY(let_go());
    return closed;
}

} // namespace exhyperv::guest

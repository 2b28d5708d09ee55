#include "guest/disk/windows_engine.h"

#include "guest/block/undo_marker.h"
#include "guest/disk/direct_engine.h"
#include "guest/disk/disk_survey.h"
#include "guest/disk/open_disk.h"
#include "guest/disk/volume_refusal.h"
#include "guest/disk/win/attached_image.h"
#include "guest/disk/win/mounted_volume.h"
#include "guest/disk/win/privileges.h"
#include "guest/disk/win/windows_volume.h"
#include "guest/disk/windows_install.h"
#include "guest/transaction.h"
#include "guest/undo/undo_recovery.h"
#include "guest/undo/undo_volume.h"
#include "support/log.h"

#include <algorithm>
#include <optional>

namespace exhyperv::guest {
namespace {

constexpr auto kArrival = std::chrono::seconds(60); ///< of a volume; Windows reads the disk first
constexpr auto kClosing = std::chrono::seconds(15); ///< for others to let the volume go
constexpr auto kDetaching = std::chrono::seconds(60);

/// The attached image with the one volume of it that is worked on.
class AttachedGround final : public VolumeGround {
  public:
    static Result<std::unique_ptr<AttachedGround>> attach(const std::string& image, const Partition& partition) {
        take_backup_privileges();
        auto ground = std::make_unique<AttachedGround>();
        TRY_ASSIGN(auto attached, AttachedImage::attach(image));
        ground->image_.emplace(std::move(attached));
        TRY_ASSIGN(auto volume,
                   MountedVolume::find({ground->image_->disk_number(), partition.offset, image, partition.number},
                                       CallContext::within(kArrival)));
        ground->volume_.emplace(std::move(volume));
        return ground;
    }
    ~AttachedGround() override {
        if (const auto closed = close(); !closed)
            log(LogLevel::warn, "a guest's disk was not let go: " + describe(closed.error()));
    }

    /// The files of the volume. Not to be used after close().
    [[nodiscard]] std::unique_ptr<PlainVolume> files() {
        return std::make_unique<WindowsVolume>(volume_->root(), [this] { return volume_->flush(); });
    }

    Result<> close() override {
        Result<> closed;
        if (volume_) closed = volume_->dismount(CallContext::within(kClosing));
        volume_.reset();
        if (image_) {
            auto detached = image_->detach(CallContext::within(kDetaching));
            image_.reset();
            if (!detached) return detached;
        }
        return closed;
    }

  private:
    std::optional<AttachedImage> image_;
    std::optional<MountedVolume> volume_;
};

/// What our own engine finds in the image. Alone with it for a moment; puts the image's own log and journal in order.
struct Look {
    ImageFacts facts;
    DiskSurvey survey;
};
Result<Look> look_at(const std::string& image_path) {
    TRY_ASSIGN(const auto image, open_image(image_path, {.writable = true, .replay_log = true}));
    TRY(recover_journal(*image));
    Look look{{image_path, image->format(), image->chain()}, {}};
    TRY_ASSIGN(look.survey, survey_disk(*image, image_path));
    return look;
}

} // namespace

bool windows_engine_is_here() {
    return true;
}

Result<std::unique_ptr<GuestDisk>> open_by_windows(const std::string& image_path, const GuestOpenOptions& options) {
    TRY_ASSIGN(auto look, look_at(image_path));
    TRY_ASSIGN(auto chosen, choose_system(look.survey, image_path, options.partition));
    auto& finding = chosen.finding;
    if (finding.linux_system) return open_directly(image_path, options);

    const std::uint32_t number = finding.partition.number;
    const VolumePlace place{image_path, number};
    auto ground = AttachedGround::attach(image_path, finding.partition);
    if (!ground) return fail(place.mark(std::move(ground).error()));
    auto volume = std::make_unique<UndoVolume>((*ground)->files(),
                                               UndoVolume::Marks{[=](const Guid& id) {
                                                                     return write_undo_marker(image_path, {id, number});
                                                                 },
                                                                 [=] { return remove_undo_marker(image_path); }});
    // Nobody has changed it in between, and Windows shows the same: else it is not the volume that was looked at.
    auto windows = read_windows_install(*volume);
    if (!windows) return fail(place.mark(std::move(windows).error()));
    if (!finding.windows || windows->build != finding.windows->build)
        return fail("guest.volume_missing",
                    {{"disk", image_path}, {"partition", std::to_string(number)}, {"seconds", "0"}});
    return make_guest_disk(std::move(look.facts), std::move(finding), std::move(*ground), std::move(volume));
}

Result<> settle_undo_by_windows(const std::string& image_path) {
    TRY_ASSIGN(const auto marker, read_undo_marker(image_path));
    if (marker) {
        TRY_ASSIGN(const auto look, look_at(image_path));
        const auto entry = std::ranges::find_if(
            look.survey.entries, [&](const auto& one) { return one.finding.partition.number == marker->partition; });
        if (entry == look.survey.entries.end())
            return fail("guest.no_partition", {{"disk", image_path}, {"partition", std::to_string(marker->partition)}});
        TRY_ASSIGN(const auto ground, AttachedGround::attach(image_path, entry->finding.partition));
        {
            const auto files = ground->files();
            TRY(recover_undo(*files, marker->id));
        }
        TRY(ground->close());
    }
    return remove_undo_marker(image_path);
}

} // namespace exhyperv::guest

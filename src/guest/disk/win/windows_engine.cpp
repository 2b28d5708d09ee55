#include "guest/disk/windows_engine.h"

#include "guest/block/beside_image.h"
#include "guest/block/undo_marker.h"
#include "guest/disk/direct_engine.h"
#include "guest/disk/disk_survey.h"
#include "guest/disk/open_disk.h"
#include "guest/disk/volume_refusal.h"
#include "guest/disk/win/attached_ground.h"
#include "guest/disk/win/unlocked_volume.h"
#include "guest/disk/windows_install.h"
#include "guest/transaction.h"
#include "guest/undo/undo_recovery.h"
#include "guest/undo/undo_volume.h"
#include "support/log.h"
#include "support/physical_disk.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {

/// What our own engine finds on the disk. With an image that is to be written it is alone for a moment, and puts its
/// log and journal in order.
struct Look {
    ImageFacts facts;
    DiskSurvey survey;
};
Result<Look> look_at(const std::string& image_path, Access access) {
    const bool writable = access == Access::write && !physical_disk_number(image_path);
    TRY_ASSIGN(const auto image, open_image(image_path, {.writable = writable, .replay_log = writable}));
    if (writable) TRY(recover_journal(*image));
    Look look{{image_path, image->format(), image->chain()}, {}};
    TRY_ASSIGN(look.survey, survey_disk(*image, image_path));
    return look;
}

} // namespace

bool windows_engine_is_here() {
    return true;
}

Result<std::unique_ptr<GuestDisk>> open_by_windows(const std::string& image_path, const GuestOpenOptions& options) {
    TRY_ASSIGN(auto look, look_at(image_path, Access::write));
    auto chosen = choose_system(look.survey, image_path, options.partition);
    std::unique_ptr<AttachedGround> ground;
    const auto attach = [&]() -> Result<> {
        TRY_ASSIGN(ground, AttachedGround::attach(image_path, Access::write));
        return {};
    };
    if (!chosen && chosen.error().code == "guest.bitlocker") {
        TRY(attach());
        look_into_unlocked(look.survey, *ground);
        chosen = choose_system(look.survey, image_path, options.partition);
    }
    if (!chosen) return fail(std::move(chosen).error());
    auto& finding = chosen->finding;
    if (finding.linux_system) {
        ground.reset();
        return open_directly(image_path, options);
    }

    const std::uint32_t number = finding.partition.number;
    const VolumePlace place{image_path, number};
    auto ready = ground ? Result<>() : attach();
    if (ready) ready = ground->choose(finding.partition);
    if (!ready) return fail(place.mark(std::move(ready).error()));
    auto volume = std::make_unique<UndoVolume>(ground->files(),
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
    return make_guest_disk(std::move(look.facts), std::move(finding), std::move(ground), std::move(volume));
}

Result<std::unique_ptr<GuestDisk>> open_unlocked(const std::string& image_path, const GuestOpenOptions& options) {
    TRY_ASSIGN(auto look, look_at(image_path, Access::read));
    TRY_ASSIGN(auto ground, AttachedGround::attach(image_path, Access::read));
    look_into_unlocked(look.survey, *ground);
    TRY_ASSIGN(auto chosen, choose_system(look.survey, image_path, options.partition));
    TRY(ground->choose(chosen.finding.partition));
    auto volume = std::make_unique<UndoVolume>(
        ground->files(), UndoVolume::Marks{[=](const Guid&) {
                                               return fail("disk.read_only", {{"path", image_path}});
                                           },
                                           {}});
    return make_guest_disk(std::move(look.facts), std::move(chosen.finding), std::move(ground), std::move(volume));
}

void look_by_windows(const std::string& image_path, DiskSurvey& survey) {
    const auto ground = AttachedGround::attach(image_path, Access::read);
    if (ground)
        look_into_unlocked(survey, **ground);
    else
        log(LogLevel::info, "an encrypted disk is not looked into: " + describe(ground.error()));
}

Result<> settle_undo_by_windows(const std::string& image_path) {
    TRY_ASSIGN(const auto marker, read_undo_marker(image_path));
    if (marker) {
        TRY_ASSIGN(const auto look, look_at(image_path, Access::write));
        const auto entry = std::ranges::find_if(
            look.survey.entries, [&](const auto& one) { return one.finding.partition.number == marker->partition; });
        if (entry == look.survey.entries.end())
            return fail("guest.no_partition", {{"disk", image_path}, {"partition", std::to_string(marker->partition)}});
        TRY_ASSIGN(const auto ground, AttachedGround::attach(image_path, Access::write));
        TRY(ground->choose(entry->finding.partition));
        {
            const auto files = ground->files();
            TRY(recover_undo(*files, marker->id));
        }
        TRY(ground->close());
    } else if (was_left_online(image_path)) {
        TRY_ASSIGN(const auto ground, AttachedGround::attach(image_path, Access::write));
        TRY(ground->close());
    }
    return remove_undo_marker(image_path);
}

} // namespace exhyperv::guest

#include "guest/disk/direct_engine.h"

#include "guest/block/undo_marker.h"
#include "guest/disk/disk_survey.h"
#include "guest/disk/open_disk.h"
#include "guest/disk/volume_refusal.h"
#include "guest/ext4.h"
#include "guest/ntfs/ntfs_volume.h"
#include "guest/transaction.h"
#include "guest/undo/undo_recovery.h"
#include "support/physical_disk.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {

struct ImageGround final : VolumeGround {
    std::unique_ptr<Image> image;
    std::unique_ptr<TransactionBlock> transaction; ///< null: read only
    [[nodiscard]] Block& disk() { return transaction ? static_cast<Block&>(*transaction) : *image; }
};

Result<std::unique_ptr<ImageGround>> open_ground(const std::string& image_path, bool writable) {
    auto ground = std::make_unique<ImageGround>();
    TRY_ASSIGN(ground->image, open_image(image_path, {.writable = writable, .replay_log = writable}));
    if (!writable) return ground;
    TRY(recover_journal(*ground->image));
    TRY_ASSIGN(ground->transaction, TransactionBlock::begin(*ground->image));
    return ground;
}

Result<std::unique_ptr<GuestVolume>> open_volume(ImageGround& ground, const PartitionFinding& finding) {
    const auto offset = finding.partition.offset, size = finding.partition.size;
    auto* const transaction = ground.transaction.get();
    if (finding.linux_system)
        return transaction ? open_ext4(*transaction, offset, size) : open_ext4_read_only(*ground.image, offset, size);
    return transaction ? NtfsVolume::open(*transaction, offset, size)
                       : NtfsVolume::open_read_only(*ground.image, offset, size);
}

} // namespace

Result<std::unique_ptr<GuestDisk>> open_directly(const std::string& image_path, const GuestOpenOptions& options) {
    if (options.writable && physical_disk_number(image_path))
        return fail("guest.pass_through_direct", {{"disk", image_path}});
    TRY_ASSIGN(auto ground, open_ground(image_path, options.writable));
    if (!options.writable && has_leftover_journal(image_path)) return fail(leftover_journal_error(image_path));
    TRY_ASSIGN(auto survey, survey_disk(ground->disk(), image_path));
    TRY_ASSIGN(auto chosen, choose_system(survey, image_path, options.partition));
    auto volume = open_volume(*ground, chosen.finding);
    if (!volume) return fail(VolumePlace{image_path, chosen.finding.partition.number}.mark(std::move(volume).error()));
    ImageFacts facts{image_path, ground->image->format(), ground->image->chain()};
    return make_guest_disk(std::move(facts), std::move(chosen.finding), std::move(ground), std::move(*volume));
}

Result<> settle_undo_directly(const std::string& image_path) {
    if (!has_undo_marker(image_path)) return {};
    TRY_ASSIGN(const auto marker, read_undo_marker(image_path));
    if (marker) {
        TRY_ASSIGN(const auto ground, open_ground(image_path, true));
        TRY_ASSIGN(auto survey, survey_disk(ground->disk(), image_path));
        const auto entry = std::ranges::find_if(
            survey.entries, [&](const auto& one) { return one.finding.partition.number == marker->partition; });
        if (entry == survey.entries.end())
            return fail("guest.no_partition", {{"disk", image_path}, {"partition", std::to_string(marker->partition)}});
        if (entry->finding.refusal && !entry->finding.refusal->code.starts_with("hive."))
            return fail("guest.undo_needs_windows", {{"disk", image_path}, {"reason", entry->finding.refusal->code}});
        TRY_ASSIGN(const auto volume, NtfsVolume::open(*ground->transaction, entry->finding.partition.offset,
                                                       entry->finding.partition.size));
        TRY(recover_undo(*volume, marker->id));
        TRY(volume->commit());
    }
    return remove_undo_marker(image_path);
}

} // namespace exhyperv::guest

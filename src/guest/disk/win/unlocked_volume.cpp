#include "guest/disk/win/unlocked_volume.h"

#include "guest/disk/volume_refusal.h"
#include "guest/disk/win/windows_volume.h"
#include "guest/disk/windows_install.h"
#include "guest/ntfs/hibernation.h"
#include "support/log.h"

#include <algorithm>
#include <string>

namespace exhyperv::guest {
namespace {

/// The volume's Windows has something in memory that our changes would clash with. What is in its log Windows itself
/// has put in order by mounting the volume.
Result<bool> is_hibernated(GuestVolume& files) {
    TRY_ASSIGN(const auto file, files.stat(kHibernationFile));
    if (!file) return false;
    std::string beginning;
    const auto read = files.read_file(kHibernationFile, [&](std::span<const std::byte> piece) -> Result<> {
        for (std::size_t i = 0; i < piece.size() && beginning.size() < kHibernationMagic; ++i)
            beginning += static_cast<char>(piece[i]);
        return fail("guest.io", {{"path", kHibernationFile}}, "enough"); // the rest is the size of the memory
    });
    if (!read && beginning.empty() && file->size > 0) return fail(read.error());
    return holds_hibernation(file->size, beginning);
}

Result<> look_inside(GuestVolume& files, const VolumePlace& place, DiskSurvey::Entry& entry) {
    TRY_ASSIGN(const bool windows, has_windows(files)); // fails when the volume is locked
    std::optional<Error> refusal;
    if (windows) {
        TRY_ASSIGN(const bool hibernated, is_hibernated(files));
        if (hibernated) refusal = place.mark(Error{"guest.hibernated", {}, {}, {}, {}});
        TRY_ASSIGN(auto install, read_windows_install(files));
        install.partition = entry.finding.partition.number;
        entry.finding.windows = std::move(install);
    }
    entry.has_windows = windows;
    entry.finding.refusal = std::move(refusal);
    entry.finding.unlocked = true;
    return {};
}

} // namespace

void look_into_unlocked(DiskSurvey& survey, const AttachedGround& ground) {
    for (auto& entry : survey.entries) {
        if (!is_encrypted(entry.finding)) continue;
        const VolumePlace place{ground.disk(), entry.finding.partition.number};
        const auto looked = [&]() -> Result<> {
            TRY_ASSIGN(const auto volume, ground.find(entry.finding.partition));
            WindowsVolume files(volume.root(), [] { return Result<>(); });
            return look_inside(files, place, entry);
        }();
        if (!looked) log(LogLevel::info, "an encrypted volume stays closed: " + describe(looked.error()));
    }
}

} // namespace exhyperv::guest

#include "guest/disk/disk_survey.h"

#include "guest/disk/linux_install.h"
#include "guest/disk/volume_probe.h"
#include "guest/disk/volume_refusal.h"
#include "guest/disk/windows_install.h"
#include "guest/ext4.h"
#include "guest/ntfs/ntfs_volume.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {

constexpr std::uint64_t kSmallestSystem = 64ull << 20; ///< smaller partitions hold loaders and reserves
constexpr std::uint8_t kMbrNtfs = 0x07;

bool may_hold_windows(const Partition& partition, TableKind table) {
    if (partition.size < kSmallestSystem) return false;
    switch (table) {
    case TableKind::gpt:
        return partition.gpt_type == partition_type::basic_data();
    case TableKind::mbr:
        return partition.mbr_type == kMbrNtfs;
    case TableKind::none:
        return true;
    }
    return false;
}

/// Mounts an NTFS volume and asks it; whatever goes wrong becomes the refusal.
Result<> look_inside(Block& disk, const VolumePlace& place, DiskSurvey::Entry& entry) {
    auto& finding = entry.finding;
    TRY_ASSIGN(auto volume, NtfsVolume::open_read_only(disk, finding.partition.offset, finding.partition.size));
    TRY_ASSIGN(auto state, volume->state());
    finding.refusal = refusal_for(state, place);
    TRY_ASSIGN(entry.has_windows, has_windows(*volume));
    if (!entry.has_windows) return {};
    auto windows = read_windows_install(*volume);
    if (windows) {
        windows->partition = finding.partition.number;
        finding.windows = std::move(*windows);
    } else if (!finding.refusal) {
        finding.refusal = place.mark(std::move(windows).error());
    }
    return {};
}

/// As look_inside, for ext4.
Result<> look_inside_ext4(Block& disk, const VolumePlace& place, DiskSurvey::Entry& entry) {
    auto& finding = entry.finding;
    TRY_ASSIGN(auto refusal, judge_ext4(disk, finding.partition.offset, finding.partition.size));
    if (refusal) finding.refusal = place.mark(std::move(*refusal));
    TRY_ASSIGN(auto volume, open_ext4_read_only(disk, finding.partition.offset, finding.partition.size));
    TRY_ASSIGN(entry.has_linux, has_linux(*volume));
    if (!entry.has_linux) return {};
    TRY_ASSIGN(auto system, read_linux_install(*volume));
    system.partition = finding.partition.number;
    finding.linux_system = std::move(system);
    return {};
}

/// Why nothing can be done with a partition that is neither NTFS nor ext4; only what may hold a guest's system.
std::optional<Error> refusal_of_kind(const std::string& file_system, const Partition& partition) {
    if (partition.size < kSmallestSystem) return std::nullopt;
    if (file_system == "BitLocker") return Error{"guest.bitlocker", {}, {}, {}, {}};
    if (file_system == "LUKS") return Error{"guest.linux_encrypted", {}, {}, {}, {}};
    if (file_system == "LVM") return Error{"guest.linux_lvm", {}, {}, {}, {}};
    for (const auto* other : {"XFS", "Btrfs", "ext2", "ext3"})
        if (file_system == other) return Error{"guest.linux_file_system", {{"file_system", file_system}}, {}, {}, {}};
    return std::nullopt;
}

std::string numbers(const std::vector<const DiskSurvey::Entry*>& entries) {
    std::vector<std::string> out;
    for (const auto* each : entries)
        out.push_back(std::to_string(each->finding.partition.number));
    return join(out, ", ");
}

std::string file_systems(const DiskSurvey& survey) {
    std::vector<std::string> out;
    for (const auto& each : survey.entries)
        out.push_back(std::to_string(each.finding.partition.number) + ": " + each.finding.file_system);
    return join(out, ", ");
}

} // namespace

Result<DiskSurvey> survey_disk(Block& disk, const std::string& name) {
    DiskSurvey survey;
    std::vector<Partition> partitions;
    // A volume without a table first: its boot sector can look like a table to who does not know it.
    TRY_ASSIGN(auto whole, probe_file_system(disk, 0, disk.size()));
    if (whole != "unknown" && whole != "empty") {
        Partition all;
        all.number = 1;
        all.size = disk.size();
        partitions.push_back(all);
    } else {
        TRY_ASSIGN(auto table, read_partition_table(disk));
        survey.table = table.kind;
        partitions = std::move(table.partitions);
    }
    for (auto& partition : partitions) {
        DiskSurvey::Entry entry;
        entry.finding.partition = std::move(partition);
        auto& found = entry.finding;
        VolumePlace place{name, found.partition.number};
        TRY_ASSIGN(found.file_system, probe_file_system(disk, found.partition.offset, found.partition.size));
        if (auto refusal = refusal_of_kind(found.file_system, found.partition))
            found.refusal = place.mark(std::move(*refusal));
        Result<> looked;
        if (found.file_system == "NTFS" && may_hold_windows(found.partition, survey.table))
            looked = look_inside(disk, place, entry);
        else if (found.file_system == "ext4" && found.partition.size >= kSmallestSystem)
            looked = look_inside_ext4(disk, place, entry);
        if (!looked && !found.refusal) found.refusal = place.mark(std::move(looked).error());
        survey.entries.push_back(std::move(entry));
    }
    return survey;
}

bool is_encrypted(const PartitionFinding& finding) {
    return finding.refusal && finding.refusal->code == "guest.bitlocker";
}

bool has_encrypted(const DiskSurvey& survey) {
    return std::ranges::any_of(survey.entries, is_encrypted, &DiskSurvey::Entry::finding);
}

Result<DiskSurvey::Entry> choose_system(const DiskSurvey& survey, const std::string& name, std::uint32_t partition) {
    std::vector<const DiskSurvey::Entry*> found, linux_roots;
    for (const auto& each : survey.entries) {
        if (partition != 0 && each.finding.partition.number != partition) continue;
        if (partition != 0 || each.has_windows) found.push_back(&each);
        if (each.has_linux) linux_roots.push_back(&each);
    }
    if (partition != 0 && found.empty())
        return fail("guest.no_partition", {{"disk", name}, {"partition", std::to_string(partition)}});
    if (found.size() > 1) return fail("guest.ambiguous_windows", {{"disk", name}, {"partitions", numbers(found)}});
    if (found.empty()) found = std::move(linux_roots); // beside a Windows, a Linux is asked for by its number
    if (found.size() > 1) return fail("guest.ambiguous_linux", {{"disk", name}, {"partitions", numbers(found)}});
    if (found.size() == 1 && (found[0]->has_windows || found[0]->has_linux || found[0]->finding.refusal)) {
        if (found[0]->finding.refusal) return fail(*found[0]->finding.refusal);
        return *found[0];
    }
    // No system to be seen: a volume that cannot be looked into is the likely reason, and says more. A file system that
    // is merely not supported may be the /boot beside an encrypted root.
    if (partition == 0)
        for (const bool mere_kind : {false, true})
            for (const auto& each : survey.entries)
                if (each.finding.refusal && (each.finding.refusal->code == "guest.linux_file_system") == mere_kind)
                    return fail(*each.finding.refusal);
    return fail("guest.no_windows",
                {{"disk", name}, {"found", survey.entries.empty() ? "no partition" : file_systems(survey)}});
}

} // namespace exhyperv::guest

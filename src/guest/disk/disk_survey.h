#pragma once

#include "guest/guest_disk.h"

namespace exhyperv::guest {

/// What one look at all partitions brought. Mounts read only; changes nothing.
struct DiskSurvey {
    struct Entry {
        PartitionFinding finding;
        bool has_windows = false; ///< its hives are there, readable or not
        bool has_linux = false;   ///< os-release is there
    };
    TableKind table = TableKind::none;
    std::vector<Entry> entries;
};

/// A disk that starts with a file system instead of a partition table is one partition, number 1. `name` is the disk's,
/// for errors. A partition that cannot be read becomes a finding with a refusal, not an error. Errors:
/// disk.bad_partition_table, disk.io.
[[nodiscard]] Result<DiskSurvey> survey_disk(Block& disk, const std::string& name);

/// A BitLocker volume that may hold a system and that nobody has looked into yet.
[[nodiscard]] bool is_encrypted(const PartitionFinding& finding);
[[nodiscard]] bool has_encrypted(const DiskSurvey& survey);

/// The one entry to work on. `partition` 0: the only Windows there is, else the only Linux.
/// Errors: its refusal; guest.no_windows (nor Linux), guest.ambiguous_windows, guest.ambiguous_linux,
/// guest.no_partition.
[[nodiscard]] Result<DiskSurvey::Entry> choose_system(const DiskSurvey& survey, const std::string& name,
                                                      std::uint32_t partition);

} // namespace exhyperv::guest

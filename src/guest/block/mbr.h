#pragma once

#include "guest/partition_table.h"

#include <optional>

namespace exhyperv::guest {

struct Mbr {
    bool protective = false; ///< has an entry of type 0xEE: the disk is a GPT disk
    PartitionTable table;
};

/// nullopt when the first sector is no partition table: no mark at its end, the boot sector of a file system,
/// impossible entries. disk.bad_partition_table for a chain of extended partitions that loops, has no end, or leaves
/// the disk.
[[nodiscard]] Result<std::optional<Mbr>> read_mbr(Block& disk);

} // namespace exhyperv::guest

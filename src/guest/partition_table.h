#pragma once

#include "guest/block.h"
#include "support/guid.h"

#include <string>
#include <vector>

namespace exhyperv::guest {

struct Partition {
    std::uint32_t number = 0; ///< 1-based slot
    std::uint64_t offset = 0; ///< bytes
    std::uint64_t size = 0;   ///< bytes
    Guid gpt_type;            ///< null on MBR disks
    std::uint8_t mbr_type = 0;
    std::string name; ///< GPT name
};

enum class TableKind { gpt, mbr, none };

struct PartitionTable {
    TableKind kind = TableKind::none;
    Guid disk_guid;
    std::vector<Partition> partitions; ///< in slot order; MBR logical partitions from number 5
};

/// Reads GPT (both copies; the backup when the primary's checksum is wrong) or MBR with extended chains (bounded).
/// A disk without either is TableKind::none, not an error. Errors: disk.bad_partition_table, disk.io.
[[nodiscard]] Result<PartitionTable> read_partition_table(Block& disk);

struct NewPartition {
    Guid type;
    Guid id;
    std::string name;
    std::uint64_t offset = 0; ///< bytes, 1 MiB aligned
    std::uint64_t size = 0;
};
/// Writes a fresh GPT with protective MBR over the whole disk.
[[nodiscard]] Result<> write_gpt(Block& disk, const Guid& disk_id, const std::vector<NewPartition>& partitions);

namespace partition_type {
[[nodiscard]] Guid efi_system();
[[nodiscard]] Guid microsoft_reserved();
[[nodiscard]] Guid basic_data(); ///< Windows
[[nodiscard]] Guid windows_recovery();
[[nodiscard]] Guid linux_filesystem();
} // namespace partition_type

} // namespace exhyperv::guest

#pragma once

#include "guest/partition_table.h"

#include <optional>

namespace exhyperv::guest {

/// The GPT for this sector size: the primary copy when it is intact, else the backup in the last sector. nullopt when
/// the disk has neither. disk.bad_partition_table when both are damaged (`expected`: the MBR says that there must be
/// one) or an intact one contradicts itself.
[[nodiscard]] Result<std::optional<PartitionTable>> read_gpt(Block& disk, std::uint32_t sector_size, bool expected);

/// `disk.bad_partition_table`.
[[nodiscard]] tl::unexpected<Error> fail_bad_table(std::string what);

} // namespace exhyperv::guest

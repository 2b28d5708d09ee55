#include "guest/partition_table.h"

#include "guest/block/gpt.h"
#include "guest/block/mbr.h"

namespace exhyperv::guest {

Result<PartitionTable> read_partition_table(Block& disk) {
    auto mbr = read_mbr(disk);
    const bool protective = mbr && *mbr && (*mbr)->protective;
    // A raw image does not say what sectors its disk had; the table tells: its header lies in sector 1.
    const std::uint32_t own = disk.sector_size(), other = own == 512 ? 4096 : 512;
    for (const auto sector_size : {own, other}) {
        const bool last_chance = sector_size == other;
        TRY_ASSIGN(auto gpt, read_gpt(disk, sector_size, protective && last_chance));
        // Without a protective entry an old GPT may be left over from the disk's earlier life: the MBR that is there
        // counts.
        const bool stale = mbr && *mbr && !protective && !(*mbr)->table.partitions.empty();
        if (gpt && !stale) return std::move(*gpt);
    }
    if (!mbr) return fail(std::move(mbr).error());
    if (*mbr) return std::move((*mbr)->table);
    return PartitionTable{};
}

} // namespace exhyperv::guest

#include "transport/sim/material/ntfs_marks.h"
#include "transport/sim/material/ntfs_records.h"

#include <algorithm>
#include <cstring>

namespace exhyperv::sim {

namespace {

constexpr std::uint32_t kStandardInformation = 0x10, kFileName = 0x30, kIndexRoot = 0x90, kIndexAllocation = 0xA0;

void put_times(std::span<std::byte> bytes, std::size_t at, std::uint64_t time) {
    for (std::size_t i = 0; i < 4; ++i)
        put_le_number(bytes, at + 8 * i, time, 8);
}

/// Entries of a directory index, from the index header at `header` on. Each holds a copy of a file name attribute.
void set_entry_times(std::span<std::byte> block, std::size_t header, std::uint64_t time) {
    if (header + 16 > block.size()) return;
    std::size_t at = header + le_number(block, header, 4), end = header + le_number(block, header + 4, 4);
    if (end > block.size()) end = block.size();
    while (at + 16 <= end) {
        std::size_t length = le_number(block, at + 8, 2), key = le_number(block, at + 10, 2);
        bool last = (le_number(block, at + 12, 2) & 2) != 0;
        if (!last && key >= 0x42 && at + 16 + key <= end) put_times(block, at + 16 + 8, time);
        if (last || length < 16) return;
        at += length;
    }
}

/// What is beyond the used part of a block was something else before: times among it.
void clear_slack(std::span<std::byte> block, std::size_t used) {
    if (used < block.size()) std::ranges::fill(block.subspan(used), std::byte{0});
}

/// Is the attribute the directory index? Its name is "$I30".
bool is_directory_index(std::span<const std::byte> record, const NtfsRecords::Attribute& attribute) {
    if (record[attribute.at + 9] != std::byte{4}) return false;
    std::size_t at = attribute.at + le_number(record, attribute.at + 10, 2);
    return at + 8 <= record.size() && std::memcmp(&record[at], "$\0I\0003\0000\0", 8) == 0;
}

Result<> set_index_block_times(NtfsRecords& records, const std::vector<NtfsRecords::Run>& runs, std::uint64_t time) {
    std::vector<std::byte> block(4096); // index blocks of every volume made here
    std::uint64_t clusters = block.size() / records.cluster_size();
    if (clusters == 0) return {};
    for (const auto& run : runs) {
        for (std::uint64_t i = 0; i + clusters <= run.length; i += clusters) {
            TRY(records.read_cluster(run.lcn + i, block));
            if (std::memcmp(block.data(), "INDX", 4) != 0 || !restore_sector_ends(block)) continue;
            set_entry_times(block, 0x18, time);
            clear_slack(block, 0x18 + le_number(block, 0x18 + 4, 4));
            protect_sector_ends(block);
            TRY(records.write_cluster(run.lcn + i, block));
        }
    }
    return {};
}

} // namespace

Result<> set_all_times(guest::Block& disk, std::uint64_t volume_offset, std::uint64_t time) {
    TRY_ASSIGN(auto records, NtfsRecords::open(disk, volume_offset));
    for (std::uint64_t number = 0; number < records.record_count(); ++number) {
        TRY_ASSIGN(auto record, records.read(number));
        if (record.empty()) continue;
        TRY_ASSIGN(auto attributes, records.attributes(record));
        for (const auto& attribute : attributes) {
            if (attribute.type == kStandardInformation && attribute.value_length >= 32)
                put_times(record, attribute.value_at, time);
            if (attribute.type == kFileName && attribute.value_length >= 0x42)
                put_times(record, attribute.value_at + 8, time);
            if (attribute.type == kIndexRoot && is_directory_index(record, attribute))
                set_entry_times(record, attribute.value_at + 0x10, time);
            if (attribute.type == kIndexAllocation && is_directory_index(record, attribute)) {
                TRY_ASSIGN(auto runs, records.runs(record, attribute));
                TRY(set_index_block_times(records, runs, time));
            }
        }
        clear_slack(record, le_number(record, 0x18, 4));
        TRY(records.write(number, std::move(record)));
    }
    return {};
}

} // namespace exhyperv::sim

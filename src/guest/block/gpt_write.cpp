#include "guest/block/bytes.h"
#include "guest/block/checksum.h"
#include "guest/block/gpt_layout.h"
#include "guest/partition_table.h"
#include "support/utf.h"

#include <algorithm>

namespace exhyperv::guest {

namespace {

using namespace gpt;

constexpr std::uint64_t kPartitionAlignment = 1u << 20;

/// Where everything lies, in sectors.
struct Layout {
    explicit Layout(const Block& disk)
        : sector(disk.sector_size()), sectors(disk.size() / sector),
          table_sectors(divide_up(kEntries * kEntrySize, sector)) {}
    std::uint64_t sector, sectors, table_sectors;
    [[nodiscard]] std::uint64_t first_usable() const { return 2 + table_sectors; }
    [[nodiscard]] std::uint64_t last_usable() const { return sectors - table_sectors - 2; }
    [[nodiscard]] std::uint64_t backup_table() const { return sectors - table_sectors - 1; }
};

tl::unexpected<Error> fail_layout(std::string what) {
    return fail("disk.bad_partition_layout", {{"what", std::move(what)}});
}

Result<> check(const Layout& layout, const std::vector<NewPartition>& partitions) {
    if (layout.sectors < 2 * (layout.table_sectors + 2)) return fail_layout("the disk is too small for a GPT");
    if (partitions.size() > kEntries) return fail_layout("more than 128 partitions");
    std::vector<NewPartition> sorted = partitions;
    std::ranges::sort(sorted, {}, &NewPartition::offset);
    std::uint64_t free_from = layout.first_usable() * layout.sector;
    const std::uint64_t end = (layout.last_usable() + 1) * layout.sector;
    for (const auto& partition : sorted) {
        const bool aligned =
            is_aligned(partition.offset, kPartitionAlignment) && is_aligned(partition.size, layout.sector);
        if (partition.type.is_null() || partition.id.is_null()) return fail_layout("a partition without type or id");
        if (!aligned || partition.size == 0)
            return fail_layout("partition at " + std::to_string(partition.offset) + " is not aligned");
        if (partition.offset < free_from || !within(partition.offset, partition.size, end))
            return fail_layout("partition at " + std::to_string(partition.offset) +
                               " overlaps another one or the table");
        if (to_utf16(partition.name).size() > kNameUnits)
            return fail_layout("the name of a partition has more than 36 characters");
        free_from = partition.offset + partition.size;
    }
    return {};
}

Bytes entries_of(const Layout& layout, const std::vector<NewPartition>& partitions) {
    Bytes table(layout.table_sectors * layout.sector);
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        auto* entry = table.data() + i * kEntrySize;
        const auto& partition = partitions[i];
        partition.type.to_windows(as_u8(entry + kTypeAt));
        partition.id.to_windows(as_u8(entry + kIdAt));
        store_le<std::uint64_t>(entry + kFirstAt, partition.offset / layout.sector);
        store_le<std::uint64_t>(entry + kLastAt, (partition.offset + partition.size) / layout.sector - 1);
        std::ranges::copy(to_utf16le_bytes(partition.name), entry + kNameAt);
    }
    return table;
}

Bytes header_of(const Layout& layout, const Guid& disk_id, std::uint32_t table_checksum, bool backup) {
    Bytes sector(layout.sector);
    auto* at = sector.data();
    const std::uint64_t first = 1, last = layout.sectors - 1;
    store_signature(at, kSignature);
    store_le<std::uint32_t>(at + kRevisionAt, kRevision);
    store_le<std::uint32_t>(at + kHeaderSizeAt, kHeaderSize);
    store_le<std::uint64_t>(at + kSelfAt, backup ? last : first);
    store_le<std::uint64_t>(at + kOtherAt, backup ? first : last);
    store_le<std::uint64_t>(at + kFirstUsableAt, layout.first_usable());
    store_le<std::uint64_t>(at + kLastUsableAt, layout.last_usable());
    disk_id.to_windows(as_u8(at + kDiskGuidAt));
    store_le<std::uint64_t>(at + kTableAt, backup ? layout.backup_table() : 2);
    store_le<std::uint32_t>(at + kCountAt, kEntries);
    store_le<std::uint32_t>(at + kEntrySizeAt, kEntrySize);
    store_le<std::uint32_t>(at + kTableChecksumAt, table_checksum);
    store_le<std::uint32_t>(at + kChecksumAt, crc32(std::span(sector).first(kHeaderSize)));
    return sector;
}

/// One partition of type 0xEE over the whole disk keeps tools that know no GPT away.
Bytes protective_mbr(const Layout& layout) {
    Bytes sector(layout.sector);
    auto* entry = sector.data() + 446;
    entry[2] = std::byte{0x02}; // first sector as cylinder/head/sector 0/0/2
    entry[4] = std::byte{0xEE};
    std::fill_n(entry + 5, 3, std::byte{0xFF});
    store_le<std::uint32_t>(entry + 8, 1);
    store_le<std::uint32_t>(entry + 12,
                            static_cast<std::uint32_t>(std::min<std::uint64_t>(layout.sectors - 1, UINT32_MAX)));
    sector[510] = std::byte{0x55};
    sector[511] = std::byte{0xAA};
    return sector;
}

} // namespace

Result<> write_gpt(Block& disk, const Guid& disk_id, const std::vector<NewPartition>& partitions) {
    const Layout layout(disk);
    TRY(check(layout, partitions));
    const auto entries = entries_of(layout, partitions);
    const auto checksum = crc32(std::span(entries).first(kEntries * kEntrySize));
    TRY(disk.write(layout.backup_table() * layout.sector, entries));
    TRY(disk.write((layout.sectors - 1) * layout.sector, header_of(layout, disk_id, checksum, true)));
    TRY(disk.write(2 * layout.sector, entries));
    TRY(disk.write(layout.sector, header_of(layout, disk_id, checksum, false)));
    TRY(disk.write(0, protective_mbr(layout)));
    return disk.flush();
}

namespace partition_type {

Guid efi_system() {
    return *Guid::parse("C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
}
Guid microsoft_reserved() {
    return *Guid::parse("E3C9E316-0B5C-4DB8-817D-F92DF00215AE");
}
Guid basic_data() {
    return *Guid::parse("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7");
}
Guid windows_recovery() {
    return *Guid::parse("DE94BBA4-06D1-4D40-A16A-BFD50179D6AC");
}
Guid linux_filesystem() {
    return *Guid::parse("0FC63DAF-8483-4772-8E79-3D69D8477DE4");
}

} // namespace partition_type

} // namespace exhyperv::guest

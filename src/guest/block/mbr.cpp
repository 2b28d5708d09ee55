#include "guest/block/mbr.h"

#include "guest/block/bytes.h"
#include "guest/block/gpt.h"

#include <array>

namespace exhyperv::guest {

namespace {

constexpr std::size_t kEntries = 446, kEntrySize = 16, kMark = 510;
constexpr std::size_t kSector = 512; ///< what a boot sector needs, also on disks with larger sectors
constexpr int kMostLogical = 128;

struct Entry {
    std::uint8_t status = 0;
    std::uint8_t type = 0;
    std::uint64_t start = 0; ///< sectors, relative to what the table belongs to
    std::uint64_t count = 0;
    [[nodiscard]] bool empty() const { return type == 0 || count == 0; }
    [[nodiscard]] bool extended() const { return type == 0x05 || type == 0x0F || type == 0x85; }
};

using Sector = std::array<std::byte, kSector>;

bool is_marked(const Sector& sector) {
    return sector[kMark] == std::byte{0x55} && sector[kMark + 1] == std::byte{0xAA};
}

Entry entry_of(const Sector& sector, std::size_t index) {
    const auto* at = sector.data() + kEntries + index * kEntrySize;
    return {static_cast<std::uint8_t>(at[0]), static_cast<std::uint8_t>(at[4]), load_le<std::uint32_t>(at + 8),
            load_le<std::uint32_t>(at + 12)};
}

/// A disk without a table that begins with a file system has the same mark at the same place.
bool is_boot_sector(const Sector& sector) {
    for (const auto* name : {"NTFS    ", "-FVE-FS-", "EXFAT   ", "MSDOS5.0", "mkfs.fat", "MSWIN4.1"})
        if (has_signature(sector, 3, name)) return true;
    return has_signature(sector, 54, "FAT1") || has_signature(sector, 82, "FAT32");
}

class ExtendedChain {
  public:
    ExtendedChain(Block& disk, const Entry& extended)
        : disk_(disk), sector_(disk.sector_size()), start_(extended.start), end_(extended.start + extended.count) {}

    Result<> collect(std::vector<Partition>& partitions) const {
        std::uint64_t at = start_, last = 0;
        for (int i = 0; i < kMostLogical; ++i) {
            if (at < start_ || at >= end_ || (i > 0 && at <= last))
                return fail_bad_table("the chain of logical partitions goes astray");
            last = at;
            Sector sector;
            if (!within(at * sector_, kSector, disk_.size()))
                return fail_bad_table("an extended partition leaves the disk");
            TRY(disk_.read(at * sector_, sector));
            if (!is_marked(sector)) return fail_bad_table("the chain of logical partitions is broken");
            const auto logical = entry_of(sector, 0), next = entry_of(sector, 1);
            if (!logical.empty()) {
                const auto first = at + logical.start;
                if (first >= end_ || logical.count > end_ - first ||
                    !within(first * sector_, logical.count * sector_, disk_.size()))
                    return fail_bad_table("a logical partition leaves its extended partition");
                partitions.push_back({.number = 5u + static_cast<std::uint32_t>(i),
                                      .offset = first * sector_,
                                      .size = logical.count * sector_,
                                      .gpt_type = {},
                                      .mbr_type = logical.type,
                                      .name = {}});
            }
            if (next.empty() || !next.extended()) return {};
            at = start_ + next.start; // links count from the extended partition, not from the previous link
        }
        return fail_bad_table("more than 128 logical partitions");
    }

  private:
    Block& disk_;
    std::uint64_t sector_, start_, end_; ///< in sectors of the disk
};

} // namespace

Result<std::optional<Mbr>> read_mbr(Block& disk) {
    Sector sector;
    if (disk.size() < kSector) return std::nullopt;
    TRY(disk.read(0, sector));
    if (!is_marked(sector) || is_boot_sector(sector)) return std::nullopt;

    const std::uint64_t unit = disk.sector_size();
    Mbr mbr;
    mbr.table.kind = TableKind::mbr;
    std::optional<Entry> extended;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto entry = entry_of(sector, i);
        if (entry.status != 0x00 && entry.status != 0x80) return std::nullopt;
        if (entry.empty()) continue;
        if (entry.type == 0xEE) {
            mbr.protective = true;
            continue;
        }
        if (entry.start == 0 || !within(entry.start * unit, entry.count * unit, disk.size())) {
            if (mbr.protective) continue;
            return fail_bad_table("MBR entry " + std::to_string(i + 1) + " leaves the disk");
        }
        if (entry.extended()) {
            if (!extended) extended = entry;
            continue;
        }
        mbr.table.partitions.push_back({.number = static_cast<std::uint32_t>(i + 1),
                                        .offset = entry.start * unit,
                                        .size = entry.count * unit,
                                        .gpt_type = {},
                                        .mbr_type = entry.type,
                                        .name = {}});
    }
    if (extended && !mbr.protective) TRY(ExtendedChain(disk, *extended).collect(mbr.table.partitions));
    return mbr;
}

} // namespace exhyperv::guest

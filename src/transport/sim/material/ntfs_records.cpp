#include "transport/sim/material/ntfs_records.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

constexpr std::size_t kSector = 512;

tl::unexpected<Error> damaged(const std::string& what) {
    return fail("material.bad_volume", {{"what", what}});
}

/// Offset and count of the update sequence, checked against the block.
bool update_sequence(std::span<const std::byte> block, std::size_t& at, std::size_t& count) {
    at = le_number(block, 4, 2);
    count = le_number(block, 6, 2);
    return count >= 1 && count - 1 == block.size() / kSector && at >= 8 && at + 2 * count <= kSector - 2;
}

} // namespace

std::uint64_t le_number(std::span<const std::byte> bytes, std::size_t at, int length) {
    std::uint64_t value = 0;
    for (int i = length - 1; i >= 0; --i)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + std::size_t(i)]);
    return value;
}

void put_le_number(std::span<std::byte> bytes, std::size_t at, std::uint64_t value, int length) {
    for (int i = 0; i < length; ++i)
        bytes[at + std::size_t(i)] = std::byte((value >> (8 * i)) & 0xFF);
}

bool restore_sector_ends(std::span<std::byte> block) {
    std::size_t at = 0, count = 0;
    if (!update_sequence(block, at, count)) return false;
    for (std::size_t i = 1; i < count; ++i) {
        auto end = block.subspan(i * kSector - 2, 2);
        if (std::memcmp(end.data(), &block[at], 2) != 0) return false;
        std::memcpy(end.data(), &block[at + 2 * i], 2);
    }
    return true;
}

void protect_sector_ends(std::span<std::byte> block) {
    std::size_t at = 0, count = 0;
    if (!update_sequence(block, at, count)) return;
    for (std::size_t i = 1; i < count; ++i) {
        std::memcpy(&block[at + 2 * i], &block[i * kSector - 2], 2);
        std::memcpy(&block[i * kSector - 2], &block[at], 2);
    }
}

Result<NtfsRecords> NtfsRecords::open(guest::Block& disk, std::uint64_t volume_offset) {
    NtfsRecords records(disk, volume_offset);
    std::vector<std::byte> boot(kSector);
    TRY(disk.read(volume_offset, boot));
    if (std::memcmp(&boot[3], "NTFS    ", 8) != 0) return damaged("boot sector");
    std::uint64_t sector = le_number(boot, 0x0B, 2), per_cluster = le_number(boot, 0x0D, 1);
    auto encoded = std::int8_t(le_number(boot, 0x40, 1)); // negative: a power of two in bytes
    if (sector != kSector || per_cluster == 0 || per_cluster > 128 || encoded < -16 || encoded == 0)
        return damaged("boot sector");
    records.cluster_size_ = std::uint32_t(sector * per_cluster);
    records.record_size_ = encoded < 0 ? 1u << -encoded : std::uint32_t(encoded) * records.cluster_size_;
    records.volume_size_ = le_number(boot, 0x28, 8) * sector;
    records.mirror_lcn_ = le_number(boot, 0x38, 8);
    if (records.record_size_ < 1024 || records.record_size_ > 65'536) return damaged("record size");
    records.mft_ = {{0, le_number(boot, 0x30, 8), 64}}; // enough for record 0, which tells the rest
    records.record_count_ = 1;
    TRY_ASSIGN(auto mft, records.read(0));
    TRY_ASSIGN(auto attributes, records.attributes(mft));
    for (const Attribute& attribute : attributes) {
        if (attribute.type != 0x80 || attribute.resident) continue;
        TRY_ASSIGN(records.mft_, records.runs(mft, attribute));
        records.record_count_ = le_number(mft, attribute.at + 0x30, 8) / records.record_size_;
        return records;
    }
    return damaged("$MFT");
}

Result<std::uint64_t> NtfsRecords::place(std::uint64_t number) const {
    std::uint64_t at = number * record_size_, cluster = at / cluster_size_;
    for (const Run& run : mft_) {
        if (cluster >= run.vcn && cluster < run.vcn + run.length)
            return offset_ + (run.lcn + cluster - run.vcn) * cluster_size_ + at % cluster_size_;
    }
    return damaged(fmt::format("record {}", number));
}

Result<std::vector<std::byte>> NtfsRecords::read(std::uint64_t number) {
    if (number >= record_count_) return damaged(fmt::format("record {}", number));
    TRY_ASSIGN(std::uint64_t at, place(number));
    std::vector<std::byte> record(record_size_);
    TRY(disk_.read(at, record));
    if (std::memcmp(record.data(), "FILE", 4) != 0) return std::vector<std::byte>{};
    if (!restore_sector_ends(record)) return damaged(fmt::format("record {}", number));
    if ((le_number(record, 0x16, 2) & 1) == 0) return std::vector<std::byte>{};
    return record;
}

Result<> NtfsRecords::write(std::uint64_t number, std::vector<std::byte> record) {
    TRY_ASSIGN(std::uint64_t at, place(number));
    protect_sector_ends(record);
    TRY(disk_.write(at, record));
    if (number >= std::max<std::uint64_t>(4, cluster_size_ / record_size_)) return {};
    return disk_.write(offset_ + mirror_lcn_ * cluster_size_ + number * record_size_, record);
}

Result<std::vector<NtfsRecords::Attribute>> NtfsRecords::attributes(std::span<const std::byte> record) const {
    std::vector<Attribute> found;
    std::size_t at = le_number(record, 0x14, 2);
    while (at + 8 <= record.size()) {
        Attribute attribute;
        attribute.type = std::uint32_t(le_number(record, at, 4));
        if (attribute.type == 0xFFFFFFFF) return found;
        attribute.at = at;
        attribute.length = le_number(record, at + 4, 4);
        if (attribute.length < 0x18 || attribute.length > record.size() - at) break;
        attribute.resident = record[at + 8] == std::byte{0};
        if (attribute.resident) {
            attribute.value_length = le_number(record, at + 0x10, 4);
            attribute.value_at = at + le_number(record, at + 0x14, 2);
            if (attribute.value_length > attribute.length ||
                attribute.value_at + attribute.value_length > at + attribute.length)
                break;
        } else if (attribute.length < 0x40) {
            break;
        }
        found.push_back(attribute);
        at += attribute.length;
    }
    return damaged("attributes");
}

Result<std::vector<NtfsRecords::Run>> NtfsRecords::runs(std::span<const std::byte> record,
                                                        const Attribute& attribute) const {
    std::vector<Run> list;
    std::uint64_t vcn = le_number(record, attribute.at + 0x10, 8);
    std::int64_t lcn = 0;
    std::size_t at = attribute.at + le_number(record, attribute.at + 0x20, 2), end = attribute.at + attribute.length;
    while (at < end && record[at] != std::byte{0}) {
        int length_bytes = std::to_integer<int>(record[at]) & 15, offset_bytes = std::to_integer<int>(record[at]) >> 4;
        if (length_bytes == 0 || length_bytes > 8 || offset_bytes > 8 ||
            at + 1 + std::size_t(length_bytes + offset_bytes) > end)
            return damaged("run list");
        std::uint64_t length = le_number(record, at + 1, length_bytes);
        if (offset_bytes != 0) {
            std::uint64_t raw = le_number(record, at + 1 + std::size_t(length_bytes), offset_bytes);
            int shift = 64 - 8 * offset_bytes;
            lcn += std::int64_t(raw << shift) >> shift; // signed difference to the run before
            if (lcn < 0 || std::uint64_t(lcn) > volume_size_ / cluster_size_ || length > volume_size_ / cluster_size_)
                return damaged("run list");
            list.push_back({vcn, std::uint64_t(lcn), length});
        }
        vcn += length;
        at += 1 + std::size_t(length_bytes + offset_bytes);
    }
    return list;
}

Result<> NtfsRecords::read_cluster(std::uint64_t lcn, std::span<std::byte> out) {
    return disk_.read(offset_ + lcn * cluster_size_, out);
}

Result<> NtfsRecords::write_cluster(std::uint64_t lcn, std::span<const std::byte> data) {
    return disk_.write(offset_ + lcn * cluster_size_, data);
}

} // namespace exhyperv::sim

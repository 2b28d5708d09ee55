#include "transport/sim/material/ntfs_marks.h"

#include "transport/sim/material/ntfs_records.h"

#include <bit>
#include <cstring>

namespace exhyperv::sim {

namespace {

constexpr std::uint64_t kLogFileRecord = 2, kVolumeRecord = 3;
constexpr std::uint32_t kData = 0x80, kVolumeInformation = 0x70;

tl::unexpected<Error> damaged(const char* what) {
    return fail("material.bad_volume", {{"what", what}});
}

/// A restart page of 4 KiB (fields and offsets: the "RSTR" page of $LogFile, version 2.0, one client, log in use).
std::vector<std::byte> restart_page(std::uint64_t log_bytes) {
    constexpr std::size_t kPage = 4096, kArea = 0x40, kClients = 0x40, kClientSize = 0xA0;
    std::vector<std::byte> page(kPage);
    std::memcpy(page.data(), "RSTR", 4);
    put_le_number(page, 0x04, 0x1E, 2);            // update sequence: place,
    put_le_number(page, 0x06, kPage / 512 + 1, 2); // length
    put_le_number(page, 0x10, kPage, 4);           // system page size
    put_le_number(page, 0x14, kPage, 4);           // log page size
    put_le_number(page, 0x18, kArea, 2);
    put_le_number(page, 0x1A, 0, 2); // minor version
    put_le_number(page, 0x1C, 2, 2); // major version
    put_le_number(page, 0x1E, 1, 2); // update sequence number

    std::span<std::byte> area(page.data() + kArea, kPage - kArea);
    put_le_number(area, 0x00, 0x00101000, 8); // current LSN
    put_le_number(area, 0x08, 1, 2);          // log clients
    put_le_number(area, 0x0A, 0xFFFF, 2);     // free list: none
    put_le_number(area, 0x0C, 0, 2);          // in-use list: client 0, the log is open
    put_le_number(area, 0x0E, 0, 2);          // flags: not "volume is clean"
    put_le_number(area, 0x10, 67 - unsigned(std::bit_width(log_bytes)), 4);
    put_le_number(area, 0x14, kClients + kClientSize, 2); // restart area length
    put_le_number(area, 0x16, kClients, 2);               // client array
    put_le_number(area, 0x18, log_bytes, 8);
    put_le_number(area, 0x20, 0, 4);    // last LSN's data length
    put_le_number(area, 0x24, 0x30, 2); // log record header
    put_le_number(area, 0x26, 0x40, 2); // log page data
    put_le_number(area, 0x28, 1, 4);    // open count

    std::span<std::byte> client = area.subspan(kClients, kClientSize);
    put_le_number(client, 0x00, 0x00100000, 8); // oldest LSN
    put_le_number(client, 0x08, 0x00100000, 8); // client restart LSN
    put_le_number(client, 0x10, 0xFFFF, 2);     // previous client: none
    put_le_number(client, 0x12, 0xFFFF, 2);     // next client: none
    put_le_number(client, 0x1C, 8, 4);          // name length in bytes
    for (std::size_t i = 0; i < 4; ++i)
        put_le_number(client, 0x20 + 2 * i, std::uint64_t("NTFS"[i]), 2);
    protect_sector_ends(page);
    return page;
}

} // namespace

Result<> mark_dirty(guest::Block& disk, std::uint64_t volume_offset) {
    TRY_ASSIGN(auto records, NtfsRecords::open(disk, volume_offset));
    TRY_ASSIGN(auto record, records.read(kVolumeRecord));
    if (record.empty()) return damaged("$Volume");
    TRY_ASSIGN(auto attributes, records.attributes(record));
    for (const auto& attribute : attributes) {
        if (attribute.type != kVolumeInformation || attribute.value_length < 12) continue;
        std::size_t at = attribute.value_at + 10;
        put_le_number(record, at, le_number(record, at, 2) | 1, 2);
        return records.write(kVolumeRecord, std::move(record));
    }
    return damaged("$Volume");
}

Result<> mark_metadata_cached(guest::Block& disk, std::uint64_t volume_offset) {
    TRY_ASSIGN(auto records, NtfsRecords::open(disk, volume_offset));
    TRY_ASSIGN(auto record, records.read(kLogFileRecord));
    if (record.empty()) return damaged("$LogFile");
    TRY_ASSIGN(auto attributes, records.attributes(record));
    for (const auto& attribute : attributes) {
        if (attribute.type != kData || attribute.resident) continue;
        TRY_ASSIGN(auto runs, records.runs(record, attribute));
        if (runs.empty() || runs.front().length * records.cluster_size() < 8192) return damaged("$LogFile");
        auto page = restart_page(le_number(record, attribute.at + 0x30, 8));
        auto both = page;
        both.insert(both.end(), page.begin(), page.end());
        return records.write_cluster(runs.front().lcn, both);
    }
    return damaged("$LogFile");
}

} // namespace exhyperv::sim

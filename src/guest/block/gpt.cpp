#include "guest/block/gpt.h"

#include "guest/block/bytes.h"
#include "guest/block/checksum.h"
#include "guest/block/gpt_layout.h"
#include "support/utf.h"

namespace exhyperv::guest {

namespace {

using namespace gpt;

constexpr std::uint32_t kMostEntries = 1024, kLargestEntry = 4096;

struct Header {
    std::uint64_t first_usable, last_usable, table;
    std::uint32_t count, entry_size, table_checksum;
    Guid disk;
};

/// The header in this sector, if there is one and its checksum is right.
Result<std::optional<Header>> read_header(Block& disk, std::uint32_t sector_size, std::uint64_t sector) {
    const auto sectors = disk.size() / sector_size;
    if (sector >= sectors) return std::nullopt;
    Bytes buffer(sector_size);
    TRY(disk.read(sector * sector_size, buffer));
    auto* at = buffer.data();
    if (!has_signature(buffer, 0, kSignature)) return std::nullopt;
    const auto size = load_le<std::uint32_t>(at + kHeaderSizeAt), checksum = load_le<std::uint32_t>(at + kChecksumAt);
    if (size < kHeaderSize || size > sector_size || load_le<std::uint64_t>(at + kSelfAt) != sector) return std::nullopt;
    store_le<std::uint32_t>(at + kChecksumAt, 0);
    if (crc32(std::span(buffer).first(size)) != checksum) return std::nullopt;
    const Header header{.first_usable = load_le<std::uint64_t>(at + kFirstUsableAt),
                        .last_usable = load_le<std::uint64_t>(at + kLastUsableAt),
                        .table = load_le<std::uint64_t>(at + kTableAt),
                        .count = load_le<std::uint32_t>(at + kCountAt),
                        .entry_size = load_le<std::uint32_t>(at + kEntrySizeAt),
                        .table_checksum = load_le<std::uint32_t>(at + kTableChecksumAt),
                        .disk = Guid::from_windows(as_u8(at + kDiskGuidAt))};
    if (header.count > kMostEntries || header.entry_size < kEntrySize || header.entry_size > kLargestEntry ||
        header.entry_size % kEntrySize != 0 || header.table >= sectors || header.last_usable >= sectors)
        return std::nullopt;
    return header;
}

std::string name_of(const std::byte* entry) {
    std::u16string name;
    for (std::size_t i = 0; i < kNameUnits; ++i) {
        const auto unit = load_le<std::uint16_t>(entry + kNameAt + i * 2);
        if (unit == 0) break;
        name.push_back(static_cast<char16_t>(unit));
    }
    return to_utf8(name);
}

/// The table a header names; nullopt when its checksum is wrong.
Result<std::optional<PartitionTable>> read_table(Block& disk, std::uint32_t sector_size, const Header& header) {
    const auto bytes = std::uint64_t{header.count} * header.entry_size;
    if (!within(header.table * sector_size, bytes, disk.size())) return std::nullopt;
    Bytes entries(bytes);
    TRY(disk.read(header.table * sector_size, entries));
    if (crc32(entries) != header.table_checksum) return std::nullopt;

    PartitionTable table{.kind = TableKind::gpt, .disk_guid = header.disk, .partitions = {}};
    for (std::uint32_t i = 0; i < header.count; ++i) {
        const auto* entry = entries.data() + std::size_t{i} * header.entry_size;
        const auto type = Guid::from_windows(as_u8(entry + kTypeAt));
        if (type.is_null()) continue;
        const auto first = load_le<std::uint64_t>(entry + kFirstAt), last = load_le<std::uint64_t>(entry + kLastAt);
        if (first > last || first < header.first_usable || last > header.last_usable)
            return fail_bad_table("GPT entry " + std::to_string(i + 1) + " lies outside of the usable sectors");
        for (const auto& other : table.partitions)
            if (first * sector_size < other.offset + other.size && other.offset < (last + 1) * sector_size)
                return fail_bad_table("GPT entries " + std::to_string(other.number) + " and " + std::to_string(i + 1) +
                                      " overlap");
        table.partitions.push_back({.number = i + 1,
                                    .offset = first * sector_size,
                                    .size = (last - first + 1) * sector_size,
                                    .gpt_type = type,
                                    .mbr_type = 0,
                                    .name = name_of(entry)});
    }
    return table;
}

} // namespace

tl::unexpected<Error> fail_bad_table(std::string what) {
    return fail("disk.bad_partition_table", {{"what", std::move(what)}});
}

Result<std::optional<PartitionTable>> read_gpt(Block& disk, std::uint32_t sector_size, bool expected) {
    const auto sectors = disk.size() / sector_size;
    if (sectors < 3) return std::nullopt;
    for (const auto sector : {std::uint64_t{1}, sectors - 1}) {
        TRY_ASSIGN(const auto header, read_header(disk, sector_size, sector));
        if (!header) continue;
        TRY_ASSIGN(auto table, read_table(disk, sector_size, *header));
        if (table) return table;
        expected = true;
    }
    if (expected) return fail_bad_table("both copies of the GPT are damaged");
    return std::nullopt;
}

} // namespace exhyperv::guest

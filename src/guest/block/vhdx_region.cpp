#include "guest/block/vhdx_region.h"

#include "guest/block/bytes.h"
#include "guest/block/checksum.h"
#include "guest/block/vhdx_layout.h"

#include <optional>

namespace exhyperv::guest::vhdx {

namespace {

constexpr std::string_view kSignature = "regi";
constexpr std::size_t kTableSize = 64 * kKiB, kChecksum = 4, kCount = 8, kEntries = 16, kEntrySize = 32,
                      kMostEntries = 2047;
constexpr const char* kBat = "2DC27766-F623-4200-9D64-115E9BFD4A08";
constexpr const char* kMetadata = "8B7CA206-4790-4B9A-B8FE-575F050F886E";

Result<Regions> parse(const ImageFile& file, const Bytes& table, std::uint64_t file_size) {
    const auto count = load_le<std::uint32_t>(table.data() + kCount);
    if (count > kMostEntries) return fail_corrupt(file.path(), "region table: number of entries");
    Regions regions;
    std::vector<Guid> seen;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto* entry = table.data() + kEntries + i * kEntrySize;
        const auto id = Guid::from_windows(as_u8(entry));
        const Range range{load_le<std::uint64_t>(entry + 16), load_le<std::uint32_t>(entry + 24)};
        const bool required = load_le<std::uint32_t>(entry + 28) & 1;
        for (const auto& other : seen)
            if (other == id) return fail_corrupt(file.path(), "region table: region " + id.str() + " twice");
        seen.push_back(id);
        const bool known = id == guid(kBat) || id == guid(kMetadata);
        if (!known && required) return fail_unsupported(file.path(), "required VHDX region " + id.str());
        if (range.offset < kHeaderSectionSize || !is_aligned(range.offset, kAlignment) || range.length == 0 ||
            !is_aligned(range.length, kAlignment))
            return fail_corrupt(file.path(), "region table: place of region " + id.str());
        if (!within(range.offset, range.length, file_size))
            return fail("disk.truncated", {{"path", file.path()}, {"offset", std::to_string(file_size)}},
                        "a region lies beyond the end");
        regions.all.push_back(range);
        if (id == guid(kBat)) regions.bat = range;
        if (id == guid(kMetadata)) regions.metadata = range;
    }
    if (regions.bat.length == 0) return fail_corrupt(file.path(), "region table: no block allocation table");
    if (regions.metadata.length == 0) return fail_corrupt(file.path(), "region table: no metadata");
    return regions;
}

} // namespace

Result<Regions> load_regions(const ImageFile& file) {
    TRY_ASSIGN(const auto file_size, file.size());
    Bytes table(kTableSize);
    for (const auto offset : kRegionTableOffsets) {
        TRY(file.read(offset, table));
        if (has_signature(table, 0, kSignature) &&
            load_le<std::uint32_t>(table.data() + kChecksum) == crc32c_without(table, kChecksum))
            return parse(file, table, file_size);
    }
    return fail_corrupt(file.path(), "neither region table has a valid checksum");
}

Result<> create_regions(ImageFile& file, const Range& bat, const Range& metadata) {
    Bytes table(kTableSize);
    store_signature(table.data(), kSignature);
    store_le<std::uint32_t>(table.data() + kCount, 2);
    auto* entry = table.data() + kEntries;
    for (const auto& [id, range] : {std::pair{kBat, bat}, std::pair{kMetadata, metadata}}) {
        guid(id).to_windows(as_u8(entry));
        store_le<std::uint64_t>(entry + 16, range.offset);
        store_le<std::uint32_t>(entry + 24, static_cast<std::uint32_t>(range.length));
        store_le<std::uint32_t>(entry + 28, 1);
        entry += kEntrySize;
    }
    store_le<std::uint32_t>(table.data() + kChecksum, crc32c_without(table, kChecksum));
    for (const auto offset : kRegionTableOffsets)
        TRY(file.write(offset, table));
    return {};
}

} // namespace exhyperv::guest::vhdx

#include "guest/block/vhd_format.h"

#include "support/utf.h"

#include <algorithm>

namespace exhyperv::guest::vhd {

namespace {

constexpr std::string_view kFooterSignature = "conectix", kHeaderSignature = "cxsparse";
constexpr std::uint32_t kVersion = 0x00010000;
constexpr std::size_t kFooterChecksum = 64, kHeaderChecksum = 36, kNameAt = 64, kNameUnits = 256, kLocatorsAt = 576,
                      kLocatorSize = 24;

/// Ones' complement of the sum of all bytes but the checksum's own.
std::uint32_t checksum_of(std::span<const std::byte> buffer, std::size_t own) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < buffer.size(); ++i)
        if (i < own || i >= own + 4) sum += static_cast<std::uint8_t>(buffer[i]);
    return ~sum;
}

Guid load_guid(const std::byte* at) { // in textual order here
    Guid guid;
    std::copy_n(as_u8(at), 16, guid.bytes.begin());
    return guid;
}

void store_guid(std::byte* at, const Guid& guid) {
    std::copy(guid.bytes.begin(), guid.bytes.end(), as_u8(at));
}

/// Cylinders, heads and sectors of old; the formula is the specification's appendix.
std::uint32_t geometry_of(std::uint64_t size) {
    const auto total = std::min<std::uint64_t>(size / kSector, 65535ull * 16 * 255);
    std::uint64_t sectors = 255, heads = 16, tracks = total / 255;
    if (total < 65535ull * 16 * 63) {
        sectors = 17;
        tracks = total / 17;
        heads = std::max<std::uint64_t>((tracks + 1023) / 1024, 4);
        if (tracks >= heads * 1024 || heads > 16) {
            sectors = 31;
            heads = 16;
            tracks = total / 31;
        }
        if (tracks >= heads * 1024) {
            sectors = 63;
            heads = 16;
            tracks = total / 63;
        }
    }
    return static_cast<std::uint32_t>((tracks / heads) << 16 | heads << 8 | sectors);
}

} // namespace

std::optional<Footer> parse_footer(std::span<const std::byte> sector) {
    if (sector.size() < kFooterSize || !has_signature(sector, 0, kFooterSignature)) return std::nullopt;
    const auto* at = sector.data();
    if (load_be<std::uint32_t>(at + kFooterChecksum) != checksum_of(sector.first(kFooterSize), kFooterChecksum))
        return std::nullopt;
    return Footer{.header_offset = load_be<std::uint64_t>(at + 16),
                  .timestamp = load_be<std::uint32_t>(at + 24),
                  .size = load_be<std::uint64_t>(at + 48),
                  .type = static_cast<DiskType>(load_be<std::uint32_t>(at + 60)),
                  .id = load_guid(at + 68)};
}

std::array<std::byte, kFooterSize> serialize_footer(const Footer& footer) {
    std::array<std::byte, kFooterSize> sector{};
    auto* at = sector.data();
    store_signature(at, kFooterSignature);
    store_be<std::uint32_t>(at + 8, 2); // a bit that is always set
    store_be<std::uint32_t>(at + 12, kVersion);
    store_be<std::uint64_t>(at + 16, footer.header_offset);
    store_be<std::uint32_t>(at + 24, footer.timestamp);
    // Readers take the size from the geometry, which cannot express every size, unless the creator is one they trust.
    store_signature(at + 28, "win ");
    store_be<std::uint32_t>(at + 32, 0x000A0000);
    store_signature(at + 36, "Wi2k");
    store_be<std::uint64_t>(at + 40, footer.size);
    store_be<std::uint64_t>(at + 48, footer.size);
    store_be<std::uint32_t>(at + 56, geometry_of(footer.size));
    store_be<std::uint32_t>(at + 60, static_cast<std::uint32_t>(footer.type));
    store_guid(at + 68, footer.id);
    store_be<std::uint32_t>(at + kFooterChecksum, checksum_of(sector, kFooterChecksum));
    return sector;
}

std::optional<DynamicHeader> parse_header(std::span<const std::byte> buffer) {
    if (buffer.size() < kHeaderSize || !has_signature(buffer, 0, kHeaderSignature)) return std::nullopt;
    const auto* at = buffer.data();
    if (load_be<std::uint32_t>(at + kHeaderChecksum) != checksum_of(buffer.first(kHeaderSize), kHeaderChecksum))
        return std::nullopt;
    DynamicHeader header{.table_offset = load_be<std::uint64_t>(at + 16),
                         .table_entries = load_be<std::uint32_t>(at + 28),
                         .block_size = load_be<std::uint32_t>(at + 32),
                         .parent_id = load_guid(at + 40),
                         .parent_timestamp = load_be<std::uint32_t>(at + 56),
                         .parent_name = {}};
    std::u16string name;
    for (std::size_t i = 0; i < kNameUnits; ++i) {
        const auto unit = load_be<std::uint16_t>(at + kNameAt + i * 2);
        if (unit == 0) break;
        name.push_back(static_cast<char16_t>(unit));
    }
    header.parent_name = to_utf8(name);
    for (std::size_t i = 0; i < header.locators.size(); ++i) {
        const auto* entry = at + kLocatorsAt + i * kLocatorSize;
        header.locators[i] = {load_be<std::uint32_t>(entry), load_be<std::uint32_t>(entry + 4),
                              load_be<std::uint32_t>(entry + 8), load_be<std::uint64_t>(entry + 16)};
    }
    return header;
}

std::array<std::byte, kHeaderSize> serialize_header(const DynamicHeader& header) {
    std::array<std::byte, kHeaderSize> buffer{};
    auto* at = buffer.data();
    store_signature(at, kHeaderSignature);
    store_be<std::uint64_t>(at + 8, UINT64_MAX);
    store_be<std::uint64_t>(at + 16, header.table_offset);
    store_be<std::uint32_t>(at + 24, kVersion);
    store_be<std::uint32_t>(at + 28, header.table_entries);
    store_be<std::uint32_t>(at + 32, header.block_size);
    store_guid(at + 40, header.parent_id);
    store_be<std::uint32_t>(at + 56, header.parent_timestamp);
    const auto name = to_utf16(header.parent_name);
    for (std::size_t i = 0; i < std::min(name.size(), kNameUnits - 1); ++i)
        store_be<std::uint16_t>(at + kNameAt + i * 2, name[i]);
    for (std::size_t i = 0; i < header.locators.size(); ++i) {
        auto* entry = at + kLocatorsAt + i * kLocatorSize;
        store_be<std::uint32_t>(entry, header.locators[i].platform);
        store_be<std::uint32_t>(entry + 4, header.locators[i].space);
        store_be<std::uint32_t>(entry + 8, header.locators[i].length);
        store_be<std::uint64_t>(entry + 16, header.locators[i].offset);
    }
    store_be<std::uint32_t>(at + kHeaderChecksum, checksum_of(buffer, kHeaderChecksum));
    return buffer;
}

} // namespace exhyperv::guest::vhd

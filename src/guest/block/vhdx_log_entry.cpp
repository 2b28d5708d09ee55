#include "guest/block/vhdx_log_entry.h"

namespace exhyperv::guest::vhdx {

namespace {

constexpr std::size_t kLength = 8, kTail = 12, kSequence = 16, kDescriptors = 24, kLog = 32, kFlushed = 48, kLast = 56;

} // namespace

std::optional<EntryHeader> parse_entry_header(std::span<const std::byte> sector, const Guid& log,
                                              std::uint32_t log_length) {
    if (sector.size() < kEntryHeader || !has_signature(sector, 0, kEntrySignature)) return std::nullopt;
    const auto* at = sector.data();
    EntryHeader header{.length = load_le<std::uint32_t>(at + kLength),
                       .tail = load_le<std::uint32_t>(at + kTail),
                       .sequence = load_le<std::uint64_t>(at + kSequence),
                       .descriptors = load_le<std::uint32_t>(at + kDescriptors),
                       .log = Guid::from_windows(as_u8(at + kLog)),
                       .flushed_file_size = load_le<std::uint64_t>(at + kFlushed),
                       .last_file_size = load_le<std::uint64_t>(at + kLast)};
    const bool possible = header.log == log && header.length >= kPage && is_aligned(header.length, kPage) &&
                          header.length <= log_length && is_aligned(header.tail, kPage) && header.tail < log_length &&
                          header.sequence != 0 && header.descriptor_area() <= header.length;
    if (!possible) return std::nullopt;
    return header;
}

void store_entry_header(std::byte* at, const EntryHeader& header) {
    store_signature(at, kEntrySignature);
    store_le<std::uint32_t>(at + kLength, header.length);
    store_le<std::uint32_t>(at + kTail, header.tail);
    store_le<std::uint64_t>(at + kSequence, header.sequence);
    store_le<std::uint32_t>(at + kDescriptors, header.descriptors);
    header.log.to_windows(as_u8(at + kLog));
    store_le<std::uint64_t>(at + kFlushed, header.flushed_file_size);
    store_le<std::uint64_t>(at + kLast, header.last_file_size);
}

} // namespace exhyperv::guest::vhdx

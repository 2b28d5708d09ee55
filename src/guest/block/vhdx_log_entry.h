#pragma once

#include "guest/block/bytes.h"
#include "guest/block/image_file.h"
#include "guest/block/vhdx_layout.h"
#include "support/guid.h"

#include <optional>
#include <span>

namespace exhyperv::guest::vhdx {

// Layout of a log entry ([MS-VHDX] 2.3.1): a 64-byte header and 32-byte descriptors, padded to a multiple of 4 KiB,
// then one 4 KiB sector for each data descriptor. Entries follow each other around the log.

inline constexpr std::string_view kEntrySignature = "loge", kDataDescriptor = "desc", kZeroDescriptor = "zero",
                                  kDataSector = "data";
inline constexpr std::size_t kEntryHeader = 64, kDescriptor = 32;
inline constexpr std::size_t kSectorHead = 8, kSectorBody = 4084, kSectorTail = 4; ///< only the body is the page's own

struct EntryHeader {
    std::uint32_t length = 0;
    std::uint32_t tail = 0; ///< where in the log the oldest entry that still counts begins
    std::uint64_t sequence = 0;
    std::uint32_t descriptors = 0;
    Guid log;
    std::uint64_t flushed_file_size = 0; ///< the file was at least this long when the entry was written
    std::uint64_t last_file_size = 0;    ///< and shall be at least this long after it was applied

    /// Bytes of header and descriptors, padded.
    [[nodiscard]] std::uint64_t descriptor_area() const {
        return align_up(kEntryHeader + std::uint64_t{descriptors} * kDescriptor, kPage);
    }
};

/// Reads the fields; nothing when it is no entry of this log, or its numbers cannot be.
[[nodiscard]] std::optional<EntryHeader> parse_entry_header(std::span<const std::byte> sector, const Guid& log,
                                                            std::uint32_t log_length);
void store_entry_header(std::byte* at, const EntryHeader& header);
inline constexpr std::size_t kEntryChecksum = 4; ///< place of the checksum over the whole entry

} // namespace exhyperv::guest::vhdx

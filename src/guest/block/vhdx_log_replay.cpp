#include "guest/block/checksum.h"
#include "guest/block/vhdx_log.h"
#include "guest/block/vhdx_log_entry.h"

#include <algorithm>

namespace exhyperv::guest::vhdx {

namespace {

struct Entry {
    std::uint32_t position = 0; ///< in the log
    EntryHeader header;
};

/// One update that an entry asks for.
struct Descriptor {
    bool zero = false;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::array<std::byte, kSectorHead> head{};
    std::array<std::byte, kSectorTail> tail{};
};

class Replay {
  public:
    Replay(ImageFile& file, const Header& header)
        : file_(file), header_(header), work_left_(4 * std::uint64_t{header.log_length} + 64 * kMiB) {}

    Result<> run() {
        TRY_ASSIGN(const auto sequence, active_sequence());
        if (sequence.empty()) return fail_corrupt(file_.path(), "the log is marked as used but holds no valid entry");
        const auto& head = sequence.back().header;
        TRY_ASSIGN(const auto size, file_.size());
        if (size < head.flushed_file_size)
            return fail("disk.truncated", {{"path", file_.path()}, {"offset", std::to_string(size)}},
                        "shorter than its log says");
        constexpr std::uint64_t kLargestFile = 2 * kLargestDisk;
        if (head.last_file_size > kLargestFile) return fail_corrupt(file_.path(), "log: length of the file");
        limit_ = std::max(size, head.last_file_size);

        // First everything is checked, then everything is applied: a bad entry must not leave half of the log in the
        // file.
        for (const bool apply : {false, true})
            for (const auto& entry : sequence)
                TRY(walk(entry, apply));
        if (head.last_file_size > size) {
            TRY_ASSIGN(const auto now, file_.size());
            if (now < head.last_file_size) TRY(file_.resize(head.last_file_size));
        }
        return file_.flush();
    }

  private:
    Result<> read(std::uint64_t position, std::span<std::byte> out) const {
        position %= header_.log_length;
        const auto first = std::min<std::uint64_t>(out.size(), header_.log_length - position);
        TRY(file_.read(header_.log_offset + position, out.first(first)));
        if (first < out.size()) TRY(file_.read(header_.log_offset, out.subspan(first)));
        return {};
    }

    /// A hostile log can be made of overlapping entries that take for ever to checksum; an honest one is read about
    /// once.
    Result<> spend(std::uint64_t bytes) {
        if (bytes > work_left_) return fail_corrupt(file_.path(), "log: overlapping entries");
        work_left_ -= bytes;
        return {};
    }

    Result<std::optional<Entry>> entry_at(std::uint32_t position) {
        std::array<std::byte, kPage> sector;
        TRY(read(position, std::span(sector).first(kEntryHeader)));
        const auto header = parse_entry_header(sector, header_.log, header_.log_length);
        if (!header) return std::nullopt;
        TRY(spend(header->length));
        std::uint32_t checksum = 0;
        for (std::uint32_t done = 0; done < header->length; done += kPage) {
            TRY(read(std::uint64_t{position} + done, sector));
            if (done == 0) std::fill_n(sector.begin() + kEntryChecksum, 4, std::byte{0});
            checksum = crc32c(sector, checksum);
        }
        TRY(read(position, std::span(sector).first(kEntryHeader)));
        if (load_le<std::uint32_t>(sector.data() + kEntryChecksum) != checksum) return std::nullopt;
        return Entry{position, *header};
    }

    /// The longest run of entries with rising sequence numbers from here on.
    Result<std::vector<Entry>> sequence_from(std::uint32_t start, std::uint64_t& end) {
        std::vector<Entry> entries;
        end = start;
        while (end - start < header_.log_length) {
            TRY_ASSIGN(const auto entry, entry_at(static_cast<std::uint32_t>(end % header_.log_length)));
            if (!entry || (!entries.empty() && entry->header.sequence != entries.back().header.sequence + 1)) break;
            if (end - start + entry->header.length > header_.log_length) break; // would run into its own beginning
            entries.push_back(*entry);
            end += entry->header.length;
        }
        return entries;
    }

    /// The sequence that counts: its newest entry names an entry of the same sequence as the oldest one, and no other
    /// such sequence is newer. Empty when there is none.
    Result<std::vector<Entry>> active_sequence() {
        std::vector<Entry> best;
        for (std::uint64_t position = 0; position < header_.log_length;) {
            std::uint64_t end = 0;
            TRY_ASSIGN(auto entries, sequence_from(static_cast<std::uint32_t>(position), end));
            if (entries.empty()) {
                position += kPage;
                continue;
            }
            position = end;
            const auto& head = entries.back().header;
            const auto tail = std::ranges::find(entries, head.tail, &Entry::position);
            if (tail == entries.end() || (!best.empty() && best.back().header.sequence >= head.sequence)) continue;
            best.assign(tail, entries.end());
        }
        return best;
    }

    Result<Descriptor> descriptor(const Entry& entry, std::uint32_t index) const {
        std::array<std::byte, kDescriptor> raw;
        TRY(read(std::uint64_t{entry.position} + kEntryHeader + std::uint64_t{index} * kDescriptor, raw));
        Descriptor result;
        result.zero = has_signature(raw, 0, kZeroDescriptor);
        if (!result.zero && !has_signature(raw, 0, kDataDescriptor))
            return fail_corrupt(file_.path(), "log: kind of a descriptor");
        result.offset = load_le<std::uint64_t>(raw.data() + 16);
        result.length = result.zero ? load_le<std::uint64_t>(raw.data() + 8) : kPage;
        std::copy_n(raw.begin() + 4, kSectorTail, result.tail.begin());
        std::copy_n(raw.begin() + 8, kSectorHead, result.head.begin());
        const auto log_end = header_.log_offset + header_.log_length;
        const bool fits = is_aligned(result.offset, kPage) && is_aligned(result.length, kPage) &&
                          result.offset >= kRegionTableOffsets[0] && within(result.offset, result.length, limit_) &&
                          (result.offset + result.length <= header_.log_offset || result.offset >= log_end);
        if (!fits || load_le<std::uint64_t>(raw.data() + 24) != entry.header.sequence)
            return fail_corrupt(file_.path(), "log: a descriptor points outside of the file");
        return result;
    }

    Result<> walk(const Entry& entry, bool apply) {
        const auto& header = entry.header;
        std::uint64_t sector_at = header.descriptor_area();
        for (std::uint32_t i = 0; i < header.descriptors; ++i) {
            TRY_ASSIGN(const auto what, descriptor(entry, i));
            if (what.zero) {
                if (apply) TRY(file_.write_zeroes(what.offset, what.length));
                continue;
            }
            if (!within(sector_at, kPage, header.length))
                return fail_corrupt(file_.path(), "log: more descriptors than data");
            std::array<std::byte, kPage> page;
            TRY(read(entry.position + sector_at, page));
            sector_at += kPage;
            const auto high = load_le<std::uint32_t>(page.data() + 4),
                       low = load_le<std::uint32_t>(page.data() + kPage - 4);
            if (!has_signature(page, 0, kDataSector) || ((std::uint64_t{high} << 32) | low) != header.sequence)
                return fail_corrupt(file_.path(), "log: a data sector does not belong to its entry");
            std::ranges::copy(what.head, page.begin());
            std::ranges::copy(what.tail, page.end() - kSectorTail);
            if (apply) TRY(file_.write(what.offset, page));
        }
        return {};
    }

    ImageFile& file_;
    Header header_;
    std::uint64_t work_left_;
    std::uint64_t limit_ = 0;
};

} // namespace

Result<> replay_log(ImageFile& file, HeaderPair& headers) {
    if (headers.current().log.is_null()) return {};
    TRY(Replay(file, headers.current()).run());
    return headers.update(
        file,
        [](Header& header) {
            header.log = {};
            header.file_write = Guid::random();
        },
        HeaderPair::Copies::both);
}

} // namespace exhyperv::guest::vhdx

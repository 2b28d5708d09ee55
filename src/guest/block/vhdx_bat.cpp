#include "guest/block/vhdx_bat.h"

#include "guest/block/bytes.h"

#include <algorithm>

namespace exhyperv::guest::vhdx {

namespace {

constexpr std::uint64_t kEntriesPerPage = kPage / 8;

std::uint8_t state_of(std::uint64_t entry) {
    return entry & 7;
}

std::uint64_t offset_of(std::uint64_t entry) {
    return entry >> 20 << 20;
}

bool is_there(std::uint8_t state) {
    return state == static_cast<std::uint8_t>(BlockState::fully_present) ||
           state == static_cast<std::uint8_t>(BlockState::partially_present);
}

/// Which MiB of the file belong to something.
class Occupancy {
  public:
    explicit Occupancy(std::uint64_t file_size) : used_(divide_up(file_size, kMiB)) {}
    /// False when a part of the range is taken already. Parts beyond the end of the file do not count.
    bool take(std::uint64_t offset, std::uint64_t length) {
        const auto end = std::min<std::uint64_t>(divide_up(offset + length, kMiB), used_.size());
        for (auto i = offset / kMiB; i < end; ++i) {
            if (used_[i]) return false;
            used_[i] = true;
        }
        return true;
    }

  private:
    std::vector<bool> used_;
};

} // namespace

BatShape::BatShape(const Metadata& metadata)
    : blocks(divide_up(metadata.disk_size, metadata.block_size)),
      chunk_ratio(kSectorsPerChunk * metadata.logical_sector / metadata.block_size) {
    const auto chunks = divide_up(blocks, chunk_ratio);
    entries = metadata.has_parent ? chunks * (chunk_ratio + 1) : blocks + (blocks - 1) / chunk_ratio;
}

Bat::Bat(const Metadata& metadata, const Regions& regions)
    : shape_(metadata), block_size_(metadata.block_size), offset_(regions.bat.offset),
      differencing_(metadata.has_parent) {}

Result<Bat> Bat::load(const ImageFile& file, const Metadata& metadata, const Regions& regions, const Range& log) {
    Bat bat(metadata, regions);
    if (bat.shape_.bytes() > regions.bat.length)
        return fail_corrupt(file.path(), "the block allocation table is too short for the disk");
    bat.entries_.resize(bat.shape_.entries);
    Bytes buffer(kMiB);
    for (std::uint64_t first = 0; first < bat.shape_.entries; first += buffer.size() / 8) {
        const auto count = std::min<std::uint64_t>(bat.shape_.entries - first, buffer.size() / 8);
        TRY(file.read(bat.offset_ + first * 8, std::span(buffer).first(count * 8)));
        for (std::uint64_t i = 0; i < count; ++i)
            bat.entries_[first + i] = load_le<std::uint64_t>(buffer.data() + i * 8);
    }
    TRY(bat.check(file, metadata, regions, log));
    return bat;
}

Result<> Bat::check(const ImageFile& file, const Metadata& metadata, const Regions& regions, const Range& log) const {
    TRY_ASSIGN(const auto file_size, file.size());
    Occupancy occupancy(file_size);
    bool clash = !occupancy.take(0, kHeaderSectionSize) || !occupancy.take(log.offset, log.length);
    for (const auto& region : regions.all)
        clash |= !occupancy.take(region.offset, region.length);
    if (clash) return fail_corrupt(file.path(), "regions of the file overlap");

    const auto bad = [&](const char* kind, std::uint64_t number, const char* what) {
        return fail_corrupt(file.path(), std::string(kind) + " " + std::to_string(number) + ": " + what);
    };
    // `needed` bytes must be in the file: the part of the last block that lies behind the end of the disk may be
    // missing.
    const auto place = [&](const char* kind, std::uint64_t number, std::uint64_t offset, std::uint64_t length,
                           std::uint64_t needed) -> Result<> {
        if (offset < kHeaderSectionSize) return bad(kind, number, "its place is the file's header");
        if (!within(offset, needed, file_size))
            return fail("disk.truncated", {{"path", file.path()}, {"offset", std::to_string(file_size)}},
                        std::string(kind) + " " + std::to_string(number) + " lies beyond the end of the file");
        if (!occupancy.take(offset, length)) return bad(kind, number, "it overlaps something else");
        return {};
    };
    for (std::uint64_t number = 0; number < shape_.blocks; ++number) {
        const auto entry = entries_[shape_.payload_index(number)];
        const auto state = state_of(entry);
        if (state == 4 || state == 5 || (state == 7 && !differencing_))
            return bad("block", number, "its state does not exist");
        if (!is_there(state)) continue;
        const auto needed = std::min<std::uint64_t>(block_size_, metadata.disk_size - number * block_size_);
        TRY(place("block", number, offset_of(entry), block_size_, needed));
        if (state == 7 && bitmap_of(number) == 0) return bad("block", number, "it has no sector bitmap");
    }
    if (!differencing_) return {};
    for (std::uint64_t index = shape_.chunk_ratio; index < shape_.entries; index += shape_.chunk_ratio + 1) {
        const auto entry = entries_[index];
        if (state_of(entry) != 0 && state_of(entry) != kBitmapPresent)
            return bad("sector bitmap", index, "its state does not exist");
        if (state_of(entry) == kBitmapPresent)
            TRY(place("sector bitmap", index, offset_of(entry), kBitmapBlock, kBitmapBlock));
    }
    return {};
}

BlockEntry Bat::block(std::uint64_t block) const {
    const auto entry = entries_[shape_.payload_index(block)];
    return {static_cast<BlockState>(state_of(entry)), offset_of(entry)};
}

std::uint64_t Bat::bitmap_of(std::uint64_t block) const {
    const auto entry = entries_[shape_.bitmap_index(block)];
    return state_of(entry) == kBitmapPresent ? offset_of(entry) : 0;
}

void Bat::set(std::uint64_t index, std::uint64_t value) {
    if (entries_[index] == value) return;
    undo_.push_back({index, entries_[index]});
    entries_[index] = value;
    changed_.insert(index / kEntriesPerPage);
}

void Bat::set_block(std::uint64_t block, BlockState state, std::uint64_t offset) {
    set(shape_.payload_index(block), offset | static_cast<std::uint64_t>(state));
}

void Bat::set_bitmap(std::uint64_t block, std::uint64_t offset) {
    set(shape_.bitmap_index(block), offset | kBitmapPresent);
}

std::uint64_t Bat::end_of_blocks() const {
    std::uint64_t end = 0;
    // Unmapped blocks may keep their place, to be found there again: whatever an entry points at counts as used.
    for (std::uint64_t number = 0; number < shape_.blocks; ++number)
        if (const auto entry = block(number); entry.offset != 0)
            end =
                std::max(end, within(entry.offset, block_size_, UINT64_MAX) ? entry.offset + block_size_ : UINT64_MAX);
    if (differencing_)
        for (std::uint64_t number = 0; number < shape_.blocks; number += shape_.chunk_ratio)
            if (const auto bitmap = bitmap_of(number)) end = std::max(end, bitmap + kBitmapBlock);
    return end;
}

std::vector<PageUpdate> Bat::changed_pages() const {
    std::vector<PageUpdate> pages;
    for (auto page = changed_.rbegin(); page != changed_.rend(); ++page) {
        auto& update = pages.emplace_back(PageUpdate{offset_ + *page * kPage, {}});
        const auto first = *page * kEntriesPerPage;
        const auto count = std::min<std::uint64_t>(kEntriesPerPage, entries_.size() - first);
        for (std::uint64_t i = 0; i < count; ++i)
            store_le(update.content.data() + i * 8, entries_[first + i]);
    }
    return pages;
}

void Bat::accept_changes() {
    changed_.clear();
    undo_.clear();
}

void Bat::discard_changes() {
    for (auto old = undo_.rbegin(); old != undo_.rend(); ++old)
        entries_[old->index] = old->value;
    accept_changes();
}

} // namespace exhyperv::guest::vhdx

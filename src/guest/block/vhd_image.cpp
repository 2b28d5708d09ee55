#include "guest/block/vhd_image.h"

#include <algorithm>

namespace exhyperv::guest::vhd {

namespace {

constexpr std::size_t kMostBitmaps = 8192;

} // namespace

std::vector<std::string> SparseVhd::chain() const {
    std::vector<std::string> paths{path()};
    if (parent_) {
        auto above = parent_->chain();
        paths.insert(paths.end(), above.begin(), above.end());
    }
    return paths;
}

SparseVhd::Piece SparseVhd::piece_at(std::uint64_t offset, std::uint64_t length) const {
    const auto inside = offset % header_.block_size;
    return {offset / header_.block_size, inside, std::min<std::uint64_t>(length, header_.block_size - inside)};
}

std::uint64_t SparseVhd::end_of_content() const {
    auto end =
        std::max(header_.table_offset + std::uint64_t{header_.table_entries} * 4, footer_.header_offset + kHeaderSize);
    for (const auto& locator : header_.locators)
        if (locator.platform != 0) end = std::max(end, locator.offset + locator.length);
    for (std::uint64_t block = 0; block < table_.size(); ++block)
        if (present(block)) end = std::max(end, data_of(block) + header_.block_size);
    return align_up(end, kSector);
}

Result<> SparseVhd::check_writable(std::uint64_t offset, std::uint64_t length) const {
    if (!writable()) return fail("disk.read_only", {{"path", path()}});
    if (!within(offset, length, size())) return fail_out_of_range(path(), offset, length);
    return {};
}

Result<SparseVhd::Bitmap*> SparseVhd::bitmap(std::uint64_t block) {
    if (const auto found = bitmaps_.find(block); found != bitmaps_.end()) return &found->second;
    if (bitmaps_.size() >= kMostBitmaps)
        std::erase_if(bitmaps_, [](const auto& entry) { return !entry.second.changed; });
    Bitmap fresh{Bytes(bitmap_bytes(header_.block_size)), false};
    TRY(file_.read(table_[block] * kSector, fresh.bits));
    return &bitmaps_.emplace(block, std::move(fresh)).first->second;
}

Result<> SparseVhd::read_parent(std::uint64_t offset, std::span<std::byte> out) {
    const auto end = parent_ ? parent_->size() : 0;
    const auto inside = offset < end ? std::min<std::uint64_t>(out.size(), end - offset) : 0;
    if (inside > 0) TRY(parent_->read(offset, out.first(inside)));
    fill_zero(out.subspan(inside));
    return {};
}

Result<> SparseVhd::read(std::uint64_t offset, std::span<std::byte> out) {
    if (!within(offset, out.size(), size())) return fail_out_of_range(path(), offset, out.size());
    while (!out.empty()) {
        const auto piece = piece_at(offset, out.size());
        TRY(read_piece(piece, out.first(piece.length)));
        out = out.subspan(piece.length);
        offset += piece.length;
    }
    return {};
}

Result<> SparseVhd::read_piece(const Piece& piece, std::span<std::byte> out) {
    const auto disk_offset = piece.block * header_.block_size + piece.within;
    if (!present(piece.block)) return read_parent(disk_offset, out);
    if (!parent_) return file_.read(data_of(piece.block) + piece.within, out);
    TRY_ASSIGN(const auto* bits, bitmap(piece.block));
    for (std::uint64_t done = 0; done < out.size();) {
        const auto at = piece.within + done;
        const bool here = bits->has(at / kSector);
        auto end = align_up(at + 1, kSector); // the run of sectors that are alike
        while (end < piece.within + out.size() && bits->has(end / kSector) == here)
            end += kSector;
        const auto length = std::min<std::uint64_t>(end - at, out.size() - done);
        const auto part = out.subspan(done, length);
        if (here)
            TRY(file_.read(data_of(piece.block) + at, part));
        else
            TRY(read_parent(disk_offset + done, part));
        done += length;
    }
    return {};
}

Result<> SparseVhd::append_block(std::uint64_t block) {
    // The footer moves behind the new block. The block takes its place: its sector bitmap comes where the footer was.
    TRY_ASSIGN(const auto file_size, file_.size());
    const auto place = align_up(file_size, kSector) - kFooterSize;
    const auto length = bitmap_bytes(header_.block_size) + header_.block_size;
    if ((place + length) / kSector >= kUnused)
        return fail("disk.no_space", {{"path", path()}, {"reason", "VHD address limit"}});
    TRY(file_.resize(place + length + kFooterSize));
    TRY(file_.write(place + length, serialize_footer(footer_)));
    // In a dynamic image the whole block is valid from the start: it is zero. In a differencing one no sector is.
    Bitmap bits{Bytes(bitmap_bytes(header_.block_size), parent_ ? std::byte{0} : std::byte{0xFF}), false};
    TRY(file_.write(place, bits.bits));
    bitmaps_.insert_or_assign(block, std::move(bits));
    changed_entries_.try_emplace(block, table_[block]);
    table_[block] = static_cast<std::uint32_t>(place / kSector);
    return {};
}

Result<> SparseVhd::write(std::uint64_t offset, std::span<const std::byte> data) {
    TRY(check_writable(offset, data.size()));
    while (!data.empty()) {
        const auto piece = piece_at(offset, data.size());
        TRY(write_piece(piece, data.first(piece.length)));
        data = data.subspan(piece.length);
        offset += piece.length;
    }
    return {};
}

Result<> SparseVhd::write_piece(const Piece& piece, std::span<const std::byte> data) {
    const auto end = piece.within + piece.length;
    if (parent_ && !is_aligned(piece.within, kSector)) TRY(copy_up({piece.block, piece.within, 1}));
    if (parent_ && !is_aligned(end, kSector)) TRY(copy_up({piece.block, end - 1, 1}));
    if (!present(piece.block)) TRY(append_block(piece.block));
    TRY(file_.write(data_of(piece.block) + piece.within, data));
    TRY_ASSIGN(auto* bits, bitmap(piece.block));
    for (auto sector = piece.within / kSector; sector < divide_up(end, kSector); ++sector)
        bits->set(sector);
    return {};
}

Result<> SparseVhd::copy_up(const Piece& piece) {
    if (!present(piece.block)) TRY(append_block(piece.block));
    TRY_ASSIGN(auto* bits, bitmap(piece.block));
    std::array<std::byte, kSector> buffer;
    for (auto sector = piece.within / kSector; sector < divide_up(piece.within + piece.length, kSector); ++sector) {
        if (bits->has(sector)) continue;
        TRY(read_parent(piece.block * header_.block_size + sector * kSector, buffer));
        TRY(file_.write(data_of(piece.block) + sector * kSector, buffer));
        bits->set(sector);
    }
    return {};
}

Result<> SparseVhd::allocate(std::uint64_t offset, std::uint64_t length) {
    TRY(check_writable(offset, length));
    while (length > 0) {
        const auto piece = piece_at(offset, length);
        if (parent_)
            TRY(copy_up(piece));
        else if (!present(piece.block))
            TRY(append_block(piece.block));
        offset += piece.length;
        length -= piece.length;
    }
    return {};
}

Result<> SparseVhd::discard_unflushed() {
    for (const auto& [block, old] : changed_entries_)
        table_[block] = old;
    changed_entries_.clear();
    bitmaps_.clear();
    return {};
}

Result<> SparseVhd::flush() {
    if (!writable()) return {};
    for (auto& [block, bits] : bitmaps_) {
        if (bits.changed && !changed_entries_.contains(block)) continue; // an old block: its data must be durable first
        if (bits.changed) TRY(file_.write(table_[block] * kSector, bits.bits));
        bits.changed = false;
    }
    TRY(file_.flush());
    bool more = !changed_entries_.empty();
    for (auto& [block, bits] : bitmaps_) {
        if (!bits.changed) continue;
        TRY(file_.write(table_[block] * kSector, bits.bits));
        bits.changed = false;
        more = true;
    }
    for (const auto& [block, old] : changed_entries_) {
        std::array<std::byte, 4> entry;
        store_be<std::uint32_t>(entry.data(), table_[block]);
        TRY(file_.write(header_.table_offset + block * 4, entry));
    }
    changed_entries_.clear();
    return more ? file_.flush() : Result<>();
}

Result<> SparseVhd::trim_file() {
    if (!writable()) return fail("disk.read_only", {{"path", path()}});
    const auto end = end_of_content();
    TRY_ASSIGN(const auto now, file_.size());
    if (now <= end + kFooterSize) return {};
    TRY(file_.write(end, serialize_footer(footer_)));
    TRY(file_.flush());
    TRY(file_.resize(end + kFooterSize));
    return file_.flush();
}

} // namespace exhyperv::guest::vhd

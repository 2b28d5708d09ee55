#include "guest/block/bytes.h"
#include "guest/block/vhdx_image.h"

#include <algorithm>

// What is particular to an image with a parent: a block can be here in parts, and the sector bitmap says which.

namespace exhyperv::guest::vhdx {

Result<> VhdxImage::read_parent(std::uint64_t offset, std::span<std::byte> out) {
    const auto end = parent_ ? parent_->size() : 0; // the child may be larger: beyond its parent it is empty
    const auto inside = offset < end ? std::min<std::uint64_t>(out.size(), end - offset) : 0;
    if (inside > 0) TRY(parent_->read(offset, out.first(inside)));
    fill_zero(out.subspan(inside));
    return {};
}

std::uint64_t VhdxImage::first_bit(std::uint64_t block) const {
    return block % bat_.shape().chunk_ratio * (metadata_.block_size / metadata_.logical_sector);
}

Result<> VhdxImage::read_partial(const Piece& piece, std::uint64_t block_offset, std::span<std::byte> out) {
    const auto sector = metadata_.logical_sector;
    const auto bitmap = bat_.bitmap_of(piece.block);
    for (std::uint64_t at = piece.within; !out.empty();) {
        const auto first = at / sector;
        const auto sectors = divide_up(at + out.size(), sector) - first;
        TRY_ASSIGN(const auto run, bitmaps_.run(file_, bitmap, first_bit(piece.block) + first, sectors));
        const auto length = std::min<std::uint64_t>((first + run.length) * sector - at, out.size());
        if (run.present)
            TRY(file_.read(block_offset + at, out.first(length)));
        else
            TRY(read_parent(piece.block * metadata_.block_size + at, out.first(length)));
        out = out.subspan(length);
        at += length;
    }
    return {};
}

Result<std::uint64_t> VhdxImage::open_partial(std::uint64_t block) {
    const auto entry = bat_.block(block);
    if (entry.state == BlockState::partially_present) return entry.offset;
    if (bat_.bitmap_of(block) == 0) {
        TRY_ASSIGN(const auto place, append(kBitmapBlock));
        bat_.set_bitmap(block, place);
    }
    // A bitmap can hold bits of a block that was here before and was given back: they mean nothing now and must not
    // come alive.
    TRY(bitmaps_.clear(file_, bat_.bitmap_of(block), first_bit(block),
                       metadata_.block_size / metadata_.logical_sector));
    TRY_ASSIGN(const auto place, append(metadata_.block_size));
    bat_.set_block(block, BlockState::partially_present, place);
    return place;
}

Result<> VhdxImage::write_partial(const Piece& piece, std::span<const std::byte> data) {
    const auto sector = metadata_.logical_sector;
    const auto end = piece.within + piece.length;
    // The sectors at both ends that are written in part only must be here as a whole first.
    if (!is_aligned(piece.within, sector)) TRY(copy_up({piece.block, piece.within, 1}));
    if (!is_aligned(end, sector)) TRY(copy_up({piece.block, end - 1, 1}));
    TRY_ASSIGN(const auto place, open_partial(piece.block));
    TRY(file_.write(place + piece.within, data));
    const auto first = piece.within / sector;
    return bitmaps_.set(file_, bat_.bitmap_of(piece.block), first_bit(piece.block) + first,
                        divide_up(end, sector) - first);
}

Result<> VhdxImage::copy_up(const Piece& piece) {
    TRY_ASSIGN(const auto place, open_partial(piece.block));
    const auto sector = metadata_.logical_sector;
    const auto bitmap = bat_.bitmap_of(piece.block);
    const auto block_end =
        std::min<std::uint64_t>(metadata_.block_size, size() - piece.block * metadata_.block_size) / sector;
    const auto last = std::min(divide_up(piece.within + piece.length, sector), block_end);
    Bytes buffer;
    for (auto at = piece.within / sector; at < last;) {
        TRY_ASSIGN(const auto run,
                   bitmaps_.run(file_, bitmap, first_bit(piece.block) + at, std::min(last - at, kMiB / sector)));
        if (!run.present) {
            buffer.resize(run.length * sector);
            TRY(read_parent(piece.block * metadata_.block_size + at * sector, buffer));
            TRY(file_.write(place + at * sector, buffer));
            TRY(bitmaps_.set(file_, bitmap, first_bit(piece.block) + at, run.length));
        }
        at += run.length;
    }
    return {};
}

} // namespace exhyperv::guest::vhdx

#include "guest/block/vhdx_image.h"

#include "guest/block/bytes.h"
#include "guest/block/commit_probe.h"
#include "guest/block/image_open.h"

#include <algorithm>

namespace exhyperv::guest::vhdx {

bool is_vhdx(std::span<const std::byte> beginning) {
    return has_signature(beginning, 0, "vhdxfile");
}

Result<std::unique_ptr<Image>> open_vhdx(ImageFile file, const OpenOptions& options, int depth) {
    return VhdxImage::open(std::move(file), options, depth);
}

Result<std::unique_ptr<VhdxImage>> VhdxImage::open(ImageFile file, const OpenOptions& options, int depth) {
    TRY_ASSIGN(const auto size, file.size());
    if (size < kHeaderSectionSize)
        return fail("disk.truncated", {{"path", file.path()}, {"offset", std::to_string(size)}},
                    "shorter than the VHDX headers");
    TRY_ASSIGN(auto headers, HeaderPair::load(file));
    if (!headers.current().log.is_null()) {
        if (!options.writable || !options.replay_log) return fail("disk.unclean_log", {{"path", file.path()}});
        TRY(replay_log(file, headers));
    }
    TRY_ASSIGN(auto regions, load_regions(file));
    TRY_ASSIGN(auto metadata, load_metadata(file, regions.metadata));
    const Range log{headers.current().log_offset, headers.current().log_length};
    TRY_ASSIGN(auto bat, Bat::load(file, metadata, regions, log));

    std::unique_ptr<Image> parent;
    if (metadata.has_parent) {
        TRY_ASSIGN(parent, ParentSearch(file.path(), depth)
                               .find(parent_candidates(*metadata.parent, file.path()), [&](const Image& candidate) {
                                   const auto* vhdx = dynamic_cast<const VhdxImage*>(&candidate);
                                   return vhdx && vhdx->sector_size() == metadata.logical_sector &&
                                          std::ranges::find(metadata.parent->linkage, vhdx->data_write_guid()) !=
                                              metadata.parent->linkage.end();
                               }));
    }
    std::unique_ptr<VhdxImage> image(
        new VhdxImage(std::move(file), std::move(headers), std::move(regions), std::move(metadata), std::move(bat)));
    image->parent_ = std::move(parent);
    return image;
}

ImageFormat VhdxImage::format() const {
    if (metadata_.has_parent) return ImageFormat::vhdx_differencing;
    return metadata_.leave_blocks_allocated ? ImageFormat::vhdx_fixed : ImageFormat::vhdx_dynamic;
}

std::vector<std::string> VhdxImage::chain() const {
    std::vector<std::string> paths{path()};
    if (parent_) {
        auto above = parent_->chain();
        paths.insert(paths.end(), above.begin(), above.end());
    }
    return paths;
}

VhdxImage::Piece VhdxImage::piece_at(std::uint64_t offset, std::uint64_t length) const {
    const auto inside = offset % metadata_.block_size;
    return {offset / metadata_.block_size, inside, std::min<std::uint64_t>(length, metadata_.block_size - inside)};
}

Result<> VhdxImage::read(std::uint64_t offset, std::span<std::byte> out) {
    if (!within(offset, out.size(), size())) return fail_out_of_range(path(), offset, out.size());
    while (!out.empty()) {
        const auto piece = piece_at(offset, out.size());
        const auto part = out.first(piece.length);
        const auto entry = bat_.block(piece.block);
        switch (entry.state) {
        case BlockState::fully_present:
            TRY(file_.read(entry.offset + piece.within, part));
            break;
        case BlockState::partially_present:
            TRY(read_partial(piece, entry.offset, part));
            break;
        case BlockState::not_present:
            TRY(read_parent(offset, part));
            break;
        // "Undefined" and "unmapped" blocks may read as anything; zero tells nobody what was there before.
        default:
            fill_zero(part);
        }
        out = out.subspan(piece.length);
        offset += piece.length;
    }
    return {};
}

Result<> VhdxImage::check_writable(std::uint64_t offset, std::uint64_t length) const {
    if (!writable()) return fail("disk.read_only", {{"path", path()}});
    if (!within(offset, length, size())) return fail_out_of_range(path(), offset, length);
    return {};
}

Result<> VhdxImage::write(std::uint64_t offset, std::span<const std::byte> data) {
    TRY(check_writable(offset, data.size()));
    if (data.empty()) return {};
    TRY(start_session(true));
    while (!data.empty()) {
        const auto piece = piece_at(offset, data.size());
        TRY(write_piece(piece, data.first(piece.length)));
        data = data.subspan(piece.length);
        offset += piece.length;
    }
    return {};
}

Result<> VhdxImage::write_piece(const Piece& piece, std::span<const std::byte> data) {
    auto entry = bat_.block(piece.block);
    const bool from_parent = metadata_.has_parent && entry.state == BlockState::not_present;
    if (entry.state == BlockState::partially_present || (from_parent && piece.length < metadata_.block_size))
        return write_partial(piece, data);
    if (entry.state != BlockState::fully_present) {
        TRY_ASSIGN(entry.offset, append(metadata_.block_size));
        bat_.set_block(piece.block, BlockState::fully_present, entry.offset);
    }
    return file_.write(entry.offset + piece.within, data);
}

Result<> VhdxImage::allocate(std::uint64_t offset, std::uint64_t length) {
    TRY(check_writable(offset, length));
    if (length == 0) return {};
    TRY(start_session(true));
    while (length > 0) {
        const auto piece = piece_at(offset, length);
        const auto state = bat_.block(piece.block).state;
        if (state == BlockState::partially_present || (state == BlockState::not_present && metadata_.has_parent)) {
            TRY(copy_up(piece));
        } else if (state != BlockState::fully_present) {
            TRY_ASSIGN(const auto place, append(metadata_.block_size));
            bat_.set_block(piece.block, BlockState::fully_present, place);
        }
        offset += piece.length;
        length -= piece.length;
    }
    return {};
}

Result<> VhdxImage::start_session(bool content) {
    content = content && !keep_content_mark_;
    if (file_marked_ && (content_marked_ || !content)) return {};
    TRY(headers_.update(
        file_,
        [&](Header& header) {
            header.file_write = Guid::random();
            if (content) header.data_write = Guid::random();
        },
        HeaderPair::Copies::both));
    file_marked_ = true;
    content_marked_ |= content;
    testing::reached("vhdx.session_started");
    return {};
}

Result<std::uint64_t> VhdxImage::append(std::uint64_t length) {
    TRY_ASSIGN(const auto end, file_.size());
    const auto place = align_up(end, kAlignment);
    TRY(file_.resize(place + length)); // what a file grows by is zero
    return place;
}

Result<> VhdxImage::flush() {
    if (!file_marked_) return {}; // nothing was written
    auto pages = bitmaps_.changed_pages();
    const auto table = bat_.changed_pages();
    pages.insert(pages.end(), table.begin(), table.end());
    if (pages.empty()) return file_.flush();
    TRY(write_through_log(file_, headers_, pages));
    bitmaps_.accept_changes();
    bat_.accept_changes();
    return {};
}

Result<> VhdxImage::discard_unflushed() {
    bat_.discard_changes();
    bitmaps_.discard_changes();
    return {};
}

Result<> VhdxImage::trim_file() {
    if (!writable()) return fail("disk.read_only", {{"path", path()}});
    auto end = std::max(
        {kHeaderSectionSize, headers_.current().log_offset + headers_.current().log_length, bat_.end_of_blocks()});
    for (const auto& region : regions_.all)
        end = std::max(end, region.end());
    TRY_ASSIGN(const auto now, file_.size());
    if (now <= end) return {};
    TRY(start_session(false));
    TRY(file_.resize(end));
    return file_.flush();
}

} // namespace exhyperv::guest::vhdx

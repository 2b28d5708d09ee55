#pragma once

#include "guest/block/vhdx_bat.h"
#include "guest/block/vhdx_header.h"
#include "guest/block/vhdx_metadata.h"
#include "guest/block/vhdx_region.h"
#include "guest/block/vhdx_sector_bitmap.h"
#include "guest/image.h"

namespace exhyperv::guest::vhdx {

/// Does the file begin like a VHDX?
[[nodiscard]] bool is_vhdx(std::span<const std::byte> beginning);
/// `depth` counts the children above this image in a chain.
[[nodiscard]] Result<std::unique_ptr<Image>> open_vhdx(ImageFile file, const OpenOptions& options, int depth);
/// Fills a new, empty file. Options are those of create_image, `format` a VHDX one.
[[nodiscard]] Result<> create_vhdx(ImageFile& file, const CreateOptions& options);

/// An open VHDX. Blocks are written straight to the file; new blocks are appended, and the table that names them
/// changes in memory until flush() puts it through the log.
class VhdxImage final : public Image {
  public:
    static Result<std::unique_ptr<VhdxImage>> open(ImageFile file, const OpenOptions& options, int depth);

    [[nodiscard]] std::uint64_t size() const override { return metadata_.disk_size; }
    [[nodiscard]] std::uint32_t sector_size() const override { return metadata_.logical_sector; }
    [[nodiscard]] bool writable() const override { return file_.writable(); }
    [[nodiscard]] ImageFormat format() const override;
    [[nodiscard]] const std::string& path() const override { return file_.path(); }
    [[nodiscard]] Guid disk_id() const override { return metadata_.disk_id; }
    [[nodiscard]] Result<std::uint64_t> file_size() const override { return file_.size(); }
    [[nodiscard]] std::vector<std::string> chain() const override;
    [[nodiscard]] Result<std::string> content_mark() const override { return headers_.current().data_write.str(); }
    void keep_content_mark(bool keep) override { keep_content_mark_ = keep; }
    /// What children of this image name as their parent.
    [[nodiscard]] Guid data_write_guid() const { return headers_.current().data_write; }

    Result<> read(std::uint64_t offset, std::span<std::byte> out) override;
    Result<> write(std::uint64_t offset, std::span<const std::byte> data) override;
    Result<> allocate(std::uint64_t offset, std::uint64_t length) override;
    Result<> discard_unflushed() override;
    Result<> flush() override;
    Result<> trim_file() override;

  private:
    VhdxImage(ImageFile file, HeaderPair headers, Regions regions, Metadata metadata, Bat bat)
        : file_(std::move(file)), headers_(std::move(headers)), regions_(std::move(regions)),
          metadata_(std::move(metadata)), bat_(std::move(bat)) {}

    /// A part of one payload block.
    struct Piece {
        std::uint64_t block;
        std::uint64_t within; ///< offset in the block
        std::uint64_t length;
    };
    [[nodiscard]] Piece piece_at(std::uint64_t offset, std::uint64_t length) const;
    [[nodiscard]] Result<> check_writable(std::uint64_t offset, std::uint64_t length) const;
    /// Marks the file as changed by somebody, and its content too, before the first change of each kind.
    Result<> start_session(bool content);
    Result<std::uint64_t> append(std::uint64_t length); ///< room at the end of the file, zero; its offset
    Result<> write_piece(const Piece& piece, std::span<const std::byte> data);

    // Differencing images (vhdx_differencing.cpp).
    Result<> read_parent(std::uint64_t offset, std::span<std::byte> out);
    Result<> read_partial(const Piece& piece, std::uint64_t block_offset, std::span<std::byte> out);
    /// Makes the block partially present when nothing of it is here yet; its place in the file.
    Result<std::uint64_t> open_partial(std::uint64_t block);
    Result<> write_partial(const Piece& piece, std::span<const std::byte> data);
    /// Copies the sectors of this range that are not here yet from the parent.
    Result<> copy_up(const Piece& piece);
    [[nodiscard]] std::uint64_t first_bit(std::uint64_t block) const;

    ImageFile file_;
    HeaderPair headers_;
    Regions regions_;
    Metadata metadata_;
    Bat bat_;
    SectorBitmaps bitmaps_;
    std::unique_ptr<Image> parent_;
    bool file_marked_ = false, content_marked_ = false, keep_content_mark_ = false;
};

} // namespace exhyperv::guest::vhdx

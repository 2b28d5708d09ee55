#pragma once

#include "guest/block/vhd_format.h"

#include <map>
#include <memory>

namespace exhyperv::guest::vhd {

/// Has the file a VHD footer at its end, or the copy that dynamic images begin with?
[[nodiscard]] Result<bool> is_vhd(const ImageFile& file);
/// `depth` counts the children above this image in a chain.
[[nodiscard]] Result<std::unique_ptr<Image>> open_vhd(ImageFile file, int depth);
/// What a differencing image says of its parent.
struct NotedParent {
    std::vector<std::string> places; ///< where it may be, in the order in which it is looked for
    Guid id;                         ///< its disk id
};
/// nullopt: not a VHD, or one that stands alone.
[[nodiscard]] Result<std::optional<NotedParent>> noted_parent(const ImageFile& file);
/// Fills a new, empty file. Options are those of create_image, `format` a VHD one.
[[nodiscard]] Result<> create_vhd(ImageFile& file, const CreateOptions& options);

/// An open dynamic or differencing VHD. The format has no log: flush() makes data and sector bitmaps durable before the
/// table names them, so that a kill leaves blocks unreferenced at worst.
class SparseVhd final : public Image {
  public:
    /// `footer_lost`: it was read from the copy; a writable image gets its end back before anything is appended.
    static Result<std::unique_ptr<Image>> open(ImageFile file, const Footer& footer, bool footer_lost, int depth);

    [[nodiscard]] std::uint64_t size() const override { return footer_.size; }
    [[nodiscard]] std::uint32_t sector_size() const override { return kSector; }
    [[nodiscard]] bool writable() const override { return file_.writable(); }
    [[nodiscard]] ImageFormat format() const override {
        return footer_.type == DiskType::differencing ? ImageFormat::vhd_differencing : ImageFormat::vhd_dynamic;
    }
    [[nodiscard]] const std::string& path() const override { return file_.path(); }
    [[nodiscard]] Guid disk_id() const override { return footer_.id; }
    [[nodiscard]] Result<std::uint64_t> file_size() const override { return file_.size(); }
    [[nodiscard]] std::vector<std::string> chain() const override;
    [[nodiscard]] Result<std::string> content_mark() const override { return file_.identity(); }

    Result<> read(std::uint64_t offset, std::span<std::byte> out) override;
    Result<> write(std::uint64_t offset, std::span<const std::byte> data) override;
    Result<> allocate(std::uint64_t offset, std::uint64_t length) override;
    Result<> discard_unflushed() override;
    Result<> flush() override;
    Result<> trim_file() override;

  private:
    SparseVhd(ImageFile file, const Footer& footer, DynamicHeader header)
        : file_(std::move(file)), footer_(footer), header_(std::move(header)) {}

    struct Bitmap {
        Bytes bits;
        bool changed = false;
        [[nodiscard]] bool has(std::uint64_t sector) const { return (bits[sector / 8] & mask(sector)) != std::byte{0}; }
        void set(std::uint64_t sector) {
            changed |= !has(sector);
            bits[sector / 8] |= mask(sector);
        }
        static std::byte mask(std::uint64_t sector) { return std::byte{0x80} >> (sector % 8); } ///< highest bit first
    };
    struct Piece {
        std::uint64_t block;
        std::uint64_t within;
        std::uint64_t length;
    };
    Result<> load_table();
    Result<> restore_footer();
    [[nodiscard]] Piece piece_at(std::uint64_t offset, std::uint64_t length) const;
    [[nodiscard]] bool present(std::uint64_t block) const { return table_[block] != kUnused; }
    [[nodiscard]] std::uint64_t data_of(std::uint64_t block) const {
        return table_[block] * kSector + bitmap_bytes(header_.block_size);
    }
    [[nodiscard]] std::uint64_t end_of_content() const; ///< where the footer belongs when nothing is wasted
    [[nodiscard]] Result<> check_writable(std::uint64_t offset, std::uint64_t length) const;
    Result<Bitmap*> bitmap(std::uint64_t block);
    Result<> append_block(std::uint64_t block);
    Result<> read_parent(std::uint64_t offset, std::span<std::byte> out);
    Result<> read_piece(const Piece& piece, std::span<std::byte> out);
    Result<> write_piece(const Piece& piece, std::span<const std::byte> data);
    Result<> copy_up(const Piece& piece); ///< brings the sectors of this range that are not here from the parent

    ImageFile file_;
    Footer footer_;
    DynamicHeader header_;
    std::vector<std::uint32_t> table_;                       ///< sector of each block, as in the file
    std::map<std::uint64_t, std::uint32_t> changed_entries_; ///< block -> what the file says
    std::map<std::uint64_t, Bitmap> bitmaps_;
    std::unique_ptr<Image> parent_;
};

} // namespace exhyperv::guest::vhd

#pragma once

#include "guest/block/image_file.h"
#include "guest/block/vhdx_layout.h"
#include "guest/block/vhdx_log.h"
#include "guest/block/vhdx_metadata.h"

#include <set>
#include <vector>

namespace exhyperv::guest::vhdx {

/// What the allocation table says of a block.
struct BlockEntry {
    BlockState state = BlockState::not_present;
    std::uint64_t offset = 0; ///< in the file; of meaning only when the state says that the block is there
};

/// How many entries a disk needs: one for each payload block and, after each chunk of them, one for a sector bitmap.
struct BatShape {
    explicit BatShape(const Metadata& metadata);
    std::uint64_t blocks = 0;      ///< payload blocks
    std::uint64_t chunk_ratio = 0; ///< payload blocks that one sector bitmap block describes
    std::uint64_t entries = 0;
    [[nodiscard]] std::uint64_t bytes() const { return entries * 8; }
    [[nodiscard]] std::uint64_t payload_index(std::uint64_t block) const { return block + block / chunk_ratio; }
    [[nodiscard]] std::uint64_t bitmap_index(std::uint64_t block) const {
        return (block / chunk_ratio + 1) * (chunk_ratio + 1) - 1;
    }
};

/// The block allocation table ([MS-VHDX] 2.2.4), in memory as a whole. Changes stay here until their pages went through
/// the log.
class Bat {
  public:
    /// Checks every entry: states that exist, blocks inside the file, none on top of another or of a region.
    static Result<Bat> load(const ImageFile& file, const Metadata& metadata, const Regions& regions, const Range& log);

    [[nodiscard]] const BatShape& shape() const { return shape_; }
    [[nodiscard]] BlockEntry block(std::uint64_t block) const;
    void set_block(std::uint64_t block, BlockState state, std::uint64_t offset);
    /// Place of the sector bitmap block that covers this payload block; 0 when there is none.
    [[nodiscard]] std::uint64_t bitmap_of(std::uint64_t block) const;
    void set_bitmap(std::uint64_t block, std::uint64_t offset);

    /// The first byte behind everything that the table points at.
    [[nodiscard]] std::uint64_t end_of_blocks() const;

    /// Changed pages of the table, last first: the entry of a sector bitmap lies behind those of the blocks it
    /// describes, and must be there before they say "partially present".
    [[nodiscard]] std::vector<PageUpdate> changed_pages() const;
    void accept_changes();  ///< they are in the file
    void discard_changes(); ///< they never will be

  private:
    Bat(const Metadata& metadata, const Regions& regions);
    Result<> check(const ImageFile& file, const Metadata& metadata, const Regions& regions, const Range& log) const;
    void set(std::uint64_t index, std::uint64_t value);

    BatShape shape_;
    std::uint64_t block_size_;
    std::uint64_t offset_; ///< of the table in the file
    bool differencing_;
    std::vector<std::uint64_t> entries_; ///< as in the file
    std::set<std::uint64_t> changed_;    ///< numbers of 4 KiB pages
    struct Old {
        std::uint64_t index;
        std::uint64_t value;
    };
    std::vector<Old> undo_;
};

} // namespace exhyperv::guest::vhdx

#pragma once

#include <ext2fs/ext2fs.h>

#include <cstdint>
#include <vector>

namespace exhyperv::guest {

/// Blocks that follow each other.
struct BlockRun {
    std::uint64_t first = 0, count = 0;
};

/// Finds and marks blocks for file data, each file behind the one before it, so that a dynamic image grows by what is
/// written.
///
/// A block that was freed since the last commit still belongs on the disk to what it held, and a kill before the commit
/// has to find it untouched: file data, which is written past the transaction's page cache, never goes there. (The
/// library may reuse it for metadata: that stays in the page cache until the commit.) So the allocator keeps a map of
/// its own: the blocks used at the last commit and those taken since. What the library takes meanwhile is in the file
/// system's map only, and looked up there: its hooks for that are not told of everything (e2fsprogs 1.47.0).
class BlockAllocator {
  public:
    BlockAllocator() = default;
    BlockAllocator(const BlockAllocator&) = delete;
    BlockAllocator& operator=(const BlockAllocator&) = delete;
    ~BlockAllocator() { forget(); }

    /// Takes the file system's block map as it is now for the committed one.
    [[nodiscard]] errcode_t begin(ext2_filsys fs);
    /// Runs of together `count` blocks, marked as used; EXT2_ET_BLOCK_ALLOC_FAIL when there are too few.
    [[nodiscard]] errcode_t allocate(std::uint64_t count, std::vector<BlockRun>& out);
    /// Marks runs as free again (a file that could not be written).
    void release(const std::vector<BlockRun>& runs);
    /// Blocks that allocate() could hand out now, those kept for root left out.
    [[nodiscard]] std::uint64_t available() const;

  private:
    [[nodiscard]] BlockRun next_free(std::uint64_t from, std::uint64_t to, std::uint64_t wanted) const;
    void find(std::uint64_t from, std::uint64_t to, std::uint64_t least, std::uint64_t& left,
              std::vector<BlockRun>& out) const;
    void forget();

    ext2_filsys fs_ = nullptr;
    ext2fs_block_bitmap taken_ = nullptr;
    std::uint64_t free_ = 0;   ///< at the last commit, less what was handed out since
    std::uint64_t cursor_ = 0; ///< behind the last file
};

} // namespace exhyperv::guest

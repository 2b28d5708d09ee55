#include "guest/ext4/block_allocator.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {

constexpr std::size_t kMostRuns = 4096; ///< looked at for one hole that takes the whole file

} // namespace

void BlockAllocator::forget() {
    if (taken_ != nullptr) ext2fs_free_block_bitmap(taken_);
    taken_ = nullptr;
}

errcode_t BlockAllocator::begin(ext2_filsys fs) {
    forget();
    fs_ = fs;
    free_ = ext2fs_free_blocks_count(fs->super);
    if (auto number = ext2fs_copy_bitmap(fs->block_map, &taken_)) return number;
    if (cursor_ == 0) cursor_ = fs->super->s_first_data_block;
    return 0;
}

/// The first run of [from, to) that is free in both maps, at most `wanted` long; none: its count is 0.
BlockRun BlockAllocator::next_free(std::uint64_t from, std::uint64_t to, std::uint64_t wanted) const {
    while (from < to) {
        blk64_t first = 0, used = 0, stop = 0;
        if (ext2fs_find_first_zero_block_bitmap2(taken_, from, to - 1, &first) != 0) return {};
        if (ext2fs_find_first_zero_block_bitmap2(fs_->block_map, first, to - 1, &used) != 0) return {};
        if (used != first) { // taken by the library since
            from = used;
            continue;
        }
        const auto last = std::min<std::uint64_t>(to - 1, first + wanted - 1);
        auto end = last + 1;
        if (ext2fs_find_first_set_block_bitmap2(taken_, first, last, &stop) == 0) end = stop;
        if (ext2fs_find_first_set_block_bitmap2(fs_->block_map, first, end - 1, &stop) == 0) end = stop;
        return {first, end - first};
    }
    return {};
}

/// Appends free runs of at least `least` blocks of [from, to), until `left` is 0.
void BlockAllocator::find(std::uint64_t from, std::uint64_t to, std::uint64_t least, std::uint64_t& left,
                          std::vector<BlockRun>& out) const {
    const bool whole = least == left;
    for (std::size_t looked = 0; left > 0; ++looked) {
        if (whole && looked == kMostRuns) return;
        const auto run = next_free(from, to, left);
        if (run.count == 0) return;
        from = run.first + run.count;
        if (run.count < least && run.count < left) continue;
        out.push_back(run);
        left -= run.count;
    }
}

errcode_t BlockAllocator::allocate(std::uint64_t count, std::vector<BlockRun>& out) {
    out.clear();
    if (count == 0) return 0;
    const std::uint64_t begin = fs_->super->s_first_data_block, end = ext2fs_blocks_count(fs_->super);
    // One hole for all of it, behind the last file or before it; else the larger pieces first, so that it has few.
    for (const std::uint64_t least : {count, std::uint64_t{2048}, std::uint64_t{64}, std::uint64_t{1}}) {
        if (least > count) continue;
        auto left = count;
        out.clear();
        find(cursor_, end, least, left, out);
        if (left > 0 && least == count) out.clear();
        if (left > 0) find(begin, cursor_, least, left, out);
        if (left > 0) continue;
        for (const auto& run : out) {
            for (std::uint64_t done = 0; done < run.count;) {
                const auto part = std::min<std::uint64_t>(run.count - done, 1u << 30);
                ext2fs_block_alloc_stats_range(fs_, run.first + done, static_cast<blk_t>(part), +1);
                done += part;
            }
            for (std::uint64_t i = 0; i < run.count; ++i)
                ext2fs_mark_block_bitmap2(taken_, run.first + i);
        }
        free_ -= std::min(free_, count);
        cursor_ = out.back().first + out.back().count;
        if (cursor_ >= end) cursor_ = begin;
        return 0;
    }
    out.clear();
    return EXT2_ET_BLOCK_ALLOC_FAIL;
}

/// Never committed: nothing on the disk refers to them, so they are to be had again at once.
void BlockAllocator::release(const std::vector<BlockRun>& runs) {
    for (const auto& run : runs)
        for (std::uint64_t i = 0; i < run.count; ++i) {
            ext2fs_block_alloc_stats2(fs_, run.first + i, -1);
            ext2fs_unmark_block_bitmap2(taken_, run.first + i);
            ++free_;
        }
}

std::uint64_t BlockAllocator::available() const {
    const std::uint64_t free = std::min<std::uint64_t>(free_, ext2fs_free_blocks_count(fs_->super)),
                        kept = ext2fs_r_blocks_count(fs_->super);
    return free > kept ? free - kept : 0;
}

} // namespace exhyperv::guest

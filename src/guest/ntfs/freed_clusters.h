#pragma once

#include <cstdint>
#include <map>

namespace exhyperv::guest {

/// Clusters that were freed since the last commit. On the disk they still belong to what they held: a kill before the
/// commit has to find them untouched. File data is written past the transaction's page cache, so it must never go
/// there; only after the commit are they free for it. (The library may reuse them for metadata: that stays in the page
/// cache until the commit.)
///
/// Why that is enough: a cluster that is free in the bitmap now and was not freed since the last commit was free at the
/// last commit, so nothing on the disk refers to it.
class FreedClusters {
  public:
    void add(std::uint64_t first, std::uint64_t count);
    void clear();
    [[nodiscard]] std::uint64_t count() const { return count_; }

    /// Calls `free_part(first, count)` for the pieces of a run that are not in the set, in order; stops when it returns
    /// true.
    template <class Function>
    bool for_each_outside(std::uint64_t first, std::uint64_t count, Function&& free_part) const {
        std::uint64_t end = first + count;
        auto next = runs_.upper_bound(first);
        if (next != runs_.begin() && std::prev(next)->second > first) first = std::prev(next)->second;
        for (; first < end; ++next) {
            std::uint64_t stop = next == runs_.end() || next->first > end ? end : next->first;
            if (stop > first && free_part(first, stop - first)) return true;
            if (next == runs_.end() || next->first >= end) break;
            first = next->second;
        }
        return false;
    }

  private:
    std::map<std::uint64_t, std::uint64_t> runs_; ///< first → end, disjoint and not touching
    std::uint64_t count_ = 0;
};

} // namespace exhyperv::guest

#include "guest/ntfs/freed_clusters.h"

#include <algorithm>

namespace exhyperv::guest {

void FreedClusters::add(std::uint64_t first, std::uint64_t count) {
    if (count == 0) return;
    std::uint64_t end = first + count;
    auto at = runs_.upper_bound(first);
    if (at != runs_.begin() && std::prev(at)->second >= first) --at;
    while (at != runs_.end() && at->first <= end) {
        first = std::min(first, at->first);
        end = std::max(end, at->second);
        count_ -= at->second - at->first;
        at = runs_.erase(at);
    }
    runs_.emplace(first, end);
    count_ += end - first;
}

void FreedClusters::clear() {
    runs_.clear();
    count_ = 0;
}

} // namespace exhyperv::guest

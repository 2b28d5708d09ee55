#include "guest/ntfs/cluster_allocator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace exhyperv::guest {
namespace {

constexpr std::size_t kFirstChunk = 4096, kLargestChunk = 65536; ///< bytes of bitmap read at once

/// The first bit from `at` on that has the value `wanted`, or `end`. Whole words are skipped.
std::size_t next_bit(const std::vector<std::uint8_t>& bits, std::size_t at, std::size_t end, bool wanted) {
    while (at < end) {
        if (at % 64 == 0 && at + 64 <= end) {
            std::uint64_t word = 0;
            std::memcpy(&word, bits.data() + at / 8, sizeof word);
            if (!wanted) word = ~word;
            if (word == 0) {
                at += 64;
                continue;
            }
            return at + static_cast<std::size_t>(std::countr_zero(word));
        }
        if (((bits[at / 8] >> (at % 8) & 1) != 0) == wanted) return at;
        ++at;
    }
    return end;
}

} // namespace

/// Hands out the free runs of [begin, end) in order, joined over the borders of the pieces that are read.
Result<bool> ClusterAllocator::scan(exh_volume* volume, std::uint64_t begin, std::uint64_t end, const RunSink& sink) {
    auto& freed = device_.freed();
    std::vector<std::uint8_t> bits;
    std::size_t chunk = kFirstChunk;
    std::uint64_t run_first = 0, run_count = 0;
    auto hand_out = [&] {
        auto count = std::exchange(run_count, 0);
        return count > 0 && freed.for_each_outside(run_first, count, sink);
    };
    for (std::uint64_t at = begin & ~63ull; at < end;) {
        std::uint64_t stop = std::min<std::uint64_t>(end, at + chunk * 8);
        bits.resize(static_cast<std::size_t>((stop - at + 63) / 64 * 8));
        std::size_t length = static_cast<std::size_t>((stop - at + 7) / 8);
        if (int number = exh_bitmap_read(volume, at / 8, bits.data(), length))
            return fail(device_.error(number, "$Bitmap"));
        auto limit = static_cast<std::size_t>(stop - at);
        for (auto bit = static_cast<std::size_t>(std::max(begin, at) - at); bit < limit;) {
            auto first = next_bit(bits, bit, limit, false);
            bit = next_bit(bits, first, limit, true);
            if (first == bit) break;
            if (run_count > 0 && run_first + run_count == at + first) {
                run_count += bit - first;
            } else {
                if (hand_out()) return true;
                run_first = at + first;
                run_count = bit - first;
            }
            if (bit < limit && hand_out()) return true;
        }
        at = stop;
        chunk = std::min(chunk * 2, kLargestChunk);
    }
    return hand_out();
}

Result<std::vector<exh_run>> ClusterAllocator::find(exh_volume* volume, std::uint64_t count) {
    auto clusters = static_cast<std::uint64_t>(geometry_.clusters);
    auto zone_start = static_cast<std::uint64_t>(geometry_.mft_zone_start),
         zone_end = static_cast<std::uint64_t>(geometry_.mft_zone_end);
    // Behind the last file, then the rest of the data zone, the part before the MFT zone, and that zone only when all
    // is full.
    const std::array<std::pair<std::uint64_t, std::uint64_t>, 4> regions{
        {{cursor_, clusters}, {zone_end, cursor_}, {0, zone_start}, {zone_start, zone_end}}};

    std::vector<exh_run> runs;
    for (std::size_t i = 0; i < 3; ++i) {
        TRY_ASSIGN(bool found,
                   scan(volume, regions[i].first, regions[i].second, [&](std::uint64_t first, std::uint64_t length) {
                       if (length < count) return false;
                       runs.push_back({static_cast<std::int64_t>(first), static_cast<std::int64_t>(count)});
                       return true;
                   }));
        if (found) return runs;
    }
    // No hole is large enough: the largest pieces first, so that the file has few.
    FreedClusters taken;
    auto left = count;
    for (auto least = std::bit_floor(count);; least /= 2) {
        for (const auto& [begin, end] : regions) {
            TRY_ASSIGN(bool enough,
                       scan(volume, begin, end, [&](std::uint64_t whole_first, std::uint64_t whole_length) {
                           return taken.for_each_outside(
                               whole_first, whole_length, [&](std::uint64_t first, std::uint64_t length) {
                                   if (length < least) return false;
                                   auto used = std::min(length, left);
                                   runs.push_back({static_cast<std::int64_t>(first), static_cast<std::int64_t>(used)});
                                   left -= used;
                                   return left == 0;
                               });
                       }));
            if (enough) return runs;
            for (const auto& run : runs)
                taken.add(static_cast<std::uint64_t>(run.lcn), static_cast<std::uint64_t>(run.length));
        }
        if (least <= 1) break;
    }
    TRY_ASSIGN(auto free, available(volume));
    return fail("guest.no_space", {{"needed", std::to_string(count * geometry_.cluster_size)},
                                   {"free", std::to_string(free * geometry_.cluster_size)}});
}

Result<std::vector<exh_run>> ClusterAllocator::allocate(exh_volume* volume, std::uint64_t count) {
    TRY_ASSIGN(auto runs, find(volume, count));
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (int number = exh_bitmap_mark(volume, runs[i].lcn, runs[i].length, 1)) {
            runs.resize(i);
            (void)release(volume, runs);
            return fail(device_.error(number, "$Bitmap"));
        }
    }
    cursor_ = static_cast<std::uint64_t>(runs.back().lcn + runs.back().length);
    if (cursor_ >= static_cast<std::uint64_t>(geometry_.clusters) ||
        cursor_ < static_cast<std::uint64_t>(geometry_.mft_zone_end))
        cursor_ = static_cast<std::uint64_t>(geometry_.mft_zone_end);
    return runs;
}

Result<> ClusterAllocator::release(exh_volume* volume, const std::vector<exh_run>& runs) {
    for (const auto& run : runs)
        if (int number = exh_bitmap_mark(volume, run.lcn, run.length, 0)) return fail(device_.error(number, "$Bitmap"));
    return {};
}

Result<std::uint64_t> ClusterAllocator::available(exh_volume* volume) {
    std::int64_t free = 0;
    if (int number = exh_free_clusters(volume, &free)) return fail(device_.error(number, "$Bitmap"));
    auto held = device_.freed().count();
    auto all = static_cast<std::uint64_t>(std::max<std::int64_t>(free, 0));
    return all > held ? all - held : 0;
}

} // namespace exhyperv::guest

#include "guest/block/write_behind.h"

#include <algorithm>

namespace exhyperv::guest {

namespace {
/// Smaller writes are metadata: scattered, written again, and read soon.
constexpr std::uint64_t kWorthwhile = 64u << 10;
} // namespace

Result<> WriteBehind::wrote(platform::File& file, std::uint64_t offset, std::uint64_t length) {
    if (length < kWorthwhile) return {};
    auto& filling = windows_.front();
    if (!filling.empty() && filling.back().offset + filling.back().length == offset)
        filling.back().length += length;
    else
        filling.push_back({offset, length});
    filled_ += length;
    if (filled_ < window_) return {};

    for (const auto& range : filling)
        file.start_writeback(range.offset, range.length);
    for (const auto& range : windows_.back())
        TRY(file.release_written(range.offset, range.length));
    windows_.back().clear();
    std::rotate(windows_.begin(), windows_.end() - 1, windows_.end());
    filled_ = 0;
    return {};
}

} // namespace exhyperv::guest

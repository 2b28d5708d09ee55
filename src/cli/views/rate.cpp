#include "cli/views/rate.h"

namespace exhyperv::cli {
namespace {
constexpr auto kWindow = std::chrono::seconds(5);
constexpr auto kSpacing = std::chrono::milliseconds(50);
constexpr auto kEnough = std::chrono::milliseconds(500);
} // namespace

void RateMeter::add(Time now, std::uint64_t done) {
    if (!samples_.empty() && done < samples_.back().done) samples_.clear(); // it began anew
    // The newest sample is always kept; it is moved rather than doubled when reports come fast.
    if (samples_.size() >= 2 && samples_.back().when - samples_[samples_.size() - 2].when < kSpacing)
        samples_.pop_back();
    samples_.push_back({now, done});
    while (samples_.size() > 2 && now - samples_[1].when > kWindow)
        samples_.pop_front();
}

std::optional<double> RateMeter::per_second() const {
    if (samples_.size() < 2) return std::nullopt;
    const auto span = samples_.back().when - samples_.front().when;
    if (span < kEnough) return std::nullopt;
    const std::chrono::duration<double> seconds = span;
    return static_cast<double>(samples_.back().done - samples_.front().done) / seconds.count();
}

std::optional<std::chrono::milliseconds> RateMeter::left(std::uint64_t total) const {
    const auto rate = per_second();
    if (!rate || *rate <= 0 || total < samples_.back().done) return std::nullopt;
    const double seconds = static_cast<double>(total - samples_.back().done) / *rate;
    if (seconds > 7.0 * 24 * 3600) return std::nullopt; // nobody believes it
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

} // namespace exhyperv::cli

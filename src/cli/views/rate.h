#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace exhyperv::cli {

/// How fast work goes and how long it will take, from what was done at which time. Looks at the last seconds only, so
/// that a pause or a burst is felt and then forgotten. Times are passed in: nothing here reads a clock.
class RateMeter {
  public:
    using Time = std::chrono::steady_clock::time_point;
    void add(Time now, std::uint64_t done);
    /// Units per second; nullopt until half a second was seen.
    [[nodiscard]] std::optional<double> per_second() const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> left(std::uint64_t total) const;

  private:
    struct Sample {
        Time when;
        std::uint64_t done;
    };
    std::deque<Sample> samples_;
};

} // namespace exhyperv::cli

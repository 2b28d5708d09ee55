#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace exhyperv::cli {

/// Tells when nobody looks any more: pages hold an event stream open while they live. A page that is loaded anew is
/// away for a moment, and the first one may take a while to come.
class LastPage {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kFirst{120}; ///< for the first page to come
    static constexpr std::chrono::seconds kAway{15};   ///< without a page before it counts as closed

    explicit LastPage(Moment start) : since_(start) {}

    /// Takes the number of open pages at a moment; true when the last one was closed long enough ago.
    bool closed(std::size_t pages, Moment now) {
        if (pages > 0) {
            seen_ = true;
            since_ = now;
            return false;
        }
        return now - since_ >= (seen_ ? kAway : kFirst);
    }

  private:
    bool seen_ = false;
    Moment since_; ///< when a page was last there
};

} // namespace exhyperv::cli

#pragma once

#include "support/result.h"

#include <atomic>
#include <chrono>
#include <memory>

namespace exhyperv {

/// A point in monotonic time after which a call must have given up. There is no "never": every wait has an end.
class Deadline {
  public:
    using Clock = std::chrono::steady_clock;
    static Deadline after(Clock::duration span) { return Deadline(Clock::now() + span); }
    static Deadline at(Clock::time_point when) { return Deadline(when); }

    [[nodiscard]] Clock::time_point when() const { return when_; }
    [[nodiscard]] bool expired() const { return Clock::now() >= when_; }
    [[nodiscard]] Clock::duration left() const {
        auto now = Clock::now();
        return now >= when_ ? Clock::duration::zero() : when_ - now;
    }
    /// The earlier of this deadline and `span` from now: a sub-step may not outlive its caller.
    [[nodiscard]] Deadline within(Clock::duration span) const { return at(std::min(when_, Clock::now() + span)); }

  private:
    explicit Deadline(Clock::time_point when) : when_(when) {}
    Clock::time_point when_;
};

/// Set once, from any thread (or a signal handler through a copy), seen by everyone who holds a copy.
class CancelToken {
  public:
    CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
    void cancel() const { flag_->store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool cancelled() const { return flag_->load(std::memory_order_relaxed); }

  private:
    std::shared_ptr<std::atomic<bool>> flag_;
};

/// Goes with every call that may wait.
struct CallContext {
    Deadline deadline;
    CancelToken cancel;

    static CallContext within(Deadline::Clock::duration span) { return {Deadline::after(span), {}}; }
    [[nodiscard]] CallContext narrowed(Deadline::Clock::duration span) const { return {deadline.within(span), cancel}; }

    /// Fails with `call.timeout` or `call.cancelled`; `what` names the wait for the message.
    [[nodiscard]] Result<> check(std::string_view what) const;
    /// Sleeps at most `span`, in slices, and returns early with an error when cancelled or past the deadline.
    [[nodiscard]] Result<> sleep(Deadline::Clock::duration span, std::string_view what) const;
};

} // namespace exhyperv

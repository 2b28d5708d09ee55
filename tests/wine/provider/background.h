#pragma once

#include "support/deadline.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace exhyperv::provider {

/// A call at work on a thread of its own, as WMI carries out semi-synchronous calls. Giving it up cancels it.
template <class T>
class Background {
  public:
    explicit Background(std::function<Result<T>(const CallContext&)> call)
        : context_(CallContext::within(std::chrono::hours(1))), worker_([this, call = std::move(call)] {
              auto answer = call(context_);
              const std::lock_guard lock(mutex_);
              answer_ = std::move(answer);
              done_.notify_all();
          }) {}
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
    ~Background() {
        context_.cancel.cancel();
        worker_.join();
    }

    /// The answer, when it is there within `milliseconds` (WBEM_INFINITE: however long it takes); else nullptr. The
    /// answer is the waiter's to take from.
    Result<T>* wait(long milliseconds) {
        std::unique_lock lock(mutex_);
        const auto there = [this] { return answer_.has_value(); };
        if (milliseconds < 0)
            done_.wait(lock, there);
        else if (!done_.wait_for(lock, std::chrono::milliseconds(milliseconds), there))
            return nullptr;
        return &*answer_;
    }

  private:
    CallContext context_;
    std::mutex mutex_;
    std::condition_variable done_;
    std::optional<Result<T>> answer_;
    std::thread worker_;
};

} // namespace exhyperv::provider

#pragma once

#include "assign/plan.h"
#include "support/result.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

namespace exhyperv::api {

/// Plans that were shown and wait for their button. A plan is executed at most once and only on the host it was made
/// for. Thread-safe, bounded: the oldest goes when there are too many.
class PlanStore {
  public:
    using Clock = std::chrono::steady_clock;
    explicit PlanStore(std::chrono::minutes kept = std::chrono::minutes(30), std::size_t at_most = 256,
                       std::function<Clock::time_point()> now = Clock::now)
        : kept_(kept), at_most_(at_most), now_(std::move(now)) {}

    void keep(const assign::Plan& plan);
    /// Takes the plan out. `api.plan_expired` {plan}: unknown, too old, or taken before.
    [[nodiscard]] Result<assign::Plan> take(const std::string& id, const std::string& host_uri);

  private:
    struct Entry {
        assign::Plan plan;
        Clock::time_point made;
    };
    const std::chrono::minutes kept_;
    const std::size_t at_most_;
    const std::function<Clock::time_point()> now_;
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> plans_;
};

} // namespace exhyperv::api

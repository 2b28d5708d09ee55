#include "transport/sim/clock.h"

#include <atomic>
#include <chrono>

namespace exhyperv::sim {

struct ManualClock::State {
    std::atomic<std::int64_t> now;
};

ManualClock::ManualClock(std::int64_t start_ms) : state_(new State{start_ms}) {}
ManualClock::~ManualClock() = default;

std::int64_t ManualClock::now_ms() const {
    return state_->now.load();
}

void ManualClock::advance(std::chrono::milliseconds span) {
    state_->now += span.count();
}

namespace {

class SystemClock final : public SimClock {
  public:
    std::int64_t now_ms() const override {
        auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    }
};

} // namespace

std::shared_ptr<const SimClock> system_clock() {
    static const auto clock = std::make_shared<const SystemClock>();
    return clock;
}

} // namespace exhyperv::sim

#include "server/lanes.h"

#include <utility>

namespace exhyperv::server {
namespace {
constexpr const char* kShared = ""; ///< no lane's own name is empty
}

Lanes::~Lanes() {
    stop();
}

void Lanes::run(const std::string& name, std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    const bool full = lanes_.size() >= most_lanes_ && !lanes_.contains(name);
    Lane& lane = lanes_[full ? kShared : name];
    lane.waiting.push_back(std::move(job));
    if (lane.idle < lane.waiting.size() && lane.threads.size() < threads_a_lane_)
        lane.threads.emplace_back([this, &lane] { serve(lane); });
    lane.work.notify_one();
}

void Lanes::serve(Lane& lane) {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++lane.idle;
        lane.work.wait(lock, [&] { return stopping_ || !lane.waiting.empty(); });
        --lane.idle;
        if (stopping_) return;
        auto job = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        lock.unlock();
        job();
        job = nullptr; // what it holds must not be let go under the lock
        lock.lock();
    }
}

void Lanes::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (auto& [name, lane] : lanes_)
            lane.work.notify_all();
    }
    for (auto& [name, lane] : lanes_) // no lane is added any more
        for (std::thread& thread : lane.threads)
            if (thread.joinable()) thread.join();
    for (auto& [name, lane] : lanes_)
        lane.waiting.clear();
}

} // namespace exhyperv::server

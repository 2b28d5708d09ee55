#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace exhyperv::server {

/// Threads for calls that may wait for a host, kept apart by lane: a host that does not answer holds up its own calls
/// and nothing else. A lane gets its threads when there is something to do, and keeps them. The number of jobs is
/// bounded by who hands them in (one a connection). Thread-safe.
class Lanes {
  public:
    explicit Lanes(std::size_t threads_a_lane = 4, std::size_t lanes = 64)
        : threads_a_lane_(threads_a_lane), most_lanes_(lanes) {}
    /// As stop().
    ~Lanes();
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    /// Above the bound on lanes a new name shares one with all other new names.
    void run(const std::string& lane, std::function<void()> job);
    /// Returns when the jobs at work are done; those that still wait, and later ones, are dropped.
    void stop();

  private:
    struct Lane {
        std::deque<std::function<void()>> waiting;
        std::condition_variable work;
        std::vector<std::thread> threads;
        std::size_t idle = 0;
    };
    void serve(Lane& lane);

    const std::size_t threads_a_lane_, most_lanes_;
    std::mutex mutex_;
    std::map<std::string, Lane> lanes_; ///< a map: a lane stays where it is while others are made
    bool stopping_ = false;
};

} // namespace exhyperv::server

#pragma once

#include "support/deadline.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace exhyperv::wmi_com {

/// Runs a call that may block inside COM on a thread of its own, and comes back by the deadline whatever happens there:
/// a thread that does not return is left behind, with everything it holds, and ends when COM lets go of it. `call` must
/// own what it uses (by value or shared). It should watch the context itself; the grace lets it come back with the
/// better error and end cleanly.
template <class Call>
auto bounded(const CallContext& context, const std::string& what, Call call) -> decltype(call()) {
    using Answer = decltype(call());
    constexpr auto kGrace = std::chrono::seconds(1);
    constexpr auto kLook = std::chrono::milliseconds(20);
    if (auto ready = context.check(what); !ready) return tl::unexpected(std::move(ready).error());

    struct Shared {
        std::mutex mutex;
        std::condition_variable done;
        std::optional<Answer> answer;
    };
    const auto shared = std::make_shared<Shared>();
    std::thread worker([shared, call = std::move(call)] {
        auto answer = call();
        const std::lock_guard lock(shared->mutex);
        shared->answer = std::move(answer);
        shared->done.notify_one();
    });

    std::optional<Deadline> last; // set when the context has ended
    std::unique_lock lock(shared->mutex);
    while (!shared->answer) {
        shared->done.wait_for(lock, kLook);
        if (shared->answer) break;
        auto state = context.check(what);
        if (state) continue;
        if (!last) last = Deadline::after(kGrace);
        if (!last->expired()) continue;
        worker.detach(); // under the lock the thread cannot have ended yet
        return tl::unexpected(std::move(state).error());
    }
    lock.unlock();
    worker.join();
    return std::move(*shared->answer);
}

} // namespace exhyperv::wmi_com

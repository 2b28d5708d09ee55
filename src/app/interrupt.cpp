#include "app/interrupt.h"

#include <atomic>
#include <csignal>

namespace exhyperv::app {
namespace {

// What a handler may touch: lock-free atomics. The token behind the pointer outlives the handler's registration.
std::atomic<const CancelToken*> current{nullptr};
static_assert(std::atomic<const CancelToken*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void on_signal(int number) {
    std::signal(number, SIG_DFL); // the next one is not asked any more
    if (const CancelToken* token = current.load(std::memory_order_relaxed)) token->cancel();
}

} // namespace

InterruptGuard::InterruptGuard(const CancelToken& token) {
    current = new CancelToken(token); // a copy of its own, so that the caller's may move
    old_interrupt_ = std::signal(SIGINT, on_signal);
    old_terminate_ = std::signal(SIGTERM, on_signal);
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, old_interrupt_);
    std::signal(SIGTERM, old_terminate_);
    delete current.exchange(nullptr);
}

} // namespace exhyperv::app

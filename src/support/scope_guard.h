#pragma once

#include <utility>

namespace exhyperv {

/// Runs an action when the scope ends, unless dismissed: the undo of a half-done sequence.
template <class Action>
class ScopeGuard {
  public:
    explicit ScopeGuard(Action action) : action_(std::move(action)) {}
    ScopeGuard(const ScopeGuard&) = delete;
    ScopeGuard& operator=(const ScopeGuard&) = delete;
    ~ScopeGuard() {
        if (armed_) action_();
    }
    void dismiss() { armed_ = false; }

  private:
    Action action_;
    bool armed_ = true;
};

} // namespace exhyperv

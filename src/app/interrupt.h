#pragma once

#include "support/deadline.h"

namespace exhyperv::app {

/// While one lives, Ctrl-C (SIGINT) and SIGTERM set the token instead of ending the process: the operation stops at the
/// next safe place and undoes itself. A second Ctrl-C ends the process at once; the journal then knows what to recover.
/// One at a time; the handlers of before come back when it is destroyed.
class InterruptGuard {
  public:
    explicit InterruptGuard(const CancelToken& token);
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    ~InterruptGuard();

  private:
    using Handler = void (*)(int);
    Handler old_interrupt_;
    Handler old_terminate_;
};

} // namespace exhyperv::app

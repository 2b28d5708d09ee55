#include "support/deadline.h"

#include <algorithm>
#include <thread>

namespace exhyperv {

Result<> CallContext::check(std::string_view what) const {
    if (cancel.cancelled()) return fail("call.cancelled", {{"what", std::string(what)}});
    if (deadline.expired()) return fail("call.timeout", {{"what", std::string(what)}});
    return {};
}

Result<> CallContext::sleep(Deadline::Clock::duration span, std::string_view what) const {
    using namespace std::chrono_literals;
    const auto until = Deadline::Clock::now() + span;
    for (;;) {
        TRY(check(what));
        const auto now = Deadline::Clock::now();
        if (now >= until) return {};
        std::this_thread::sleep_for(std::min<Deadline::Clock::duration>({until - now, deadline.left(), 20ms}));
    }
}

} // namespace exhyperv

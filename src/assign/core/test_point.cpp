#include "assign/core/test_point.h"

#include "platform/process.h"

#include <csignal>
#include <cstdlib>

namespace exhyperv::assign {

Result<> test_point(const std::string& name) {
    if (platform::environment("EXHYPERV_KILL_AT") == name) {
#ifdef SIGKILL
        (void)std::raise(SIGKILL);
#endif
        std::_Exit(137); // no signals here: the next best thing, no destructor runs
    }
    if (platform::environment("EXHYPERV_FAIL_AT") == name) return fail("operation.injected_failure", {{"point", name}});
    return {};
}

} // namespace exhyperv::assign

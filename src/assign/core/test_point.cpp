#include "assign/core/test_point.h"

#include "platform/process.h"
#include "support/strings.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace exhyperv::assign {

namespace {

bool named(const char* variable, const std::string& point) {
    const auto value = platform::environment(variable);
    if (!value) return false;
    const auto points = split(*value, ',');
    return std::find(points.begin(), points.end(), point) != points.end();
}

} // namespace

Result<> test_point(const std::string& name) {
    if (named("EXHYPERV_KILL_AT", name)) {
#ifdef SIGKILL
        (void)std::raise(SIGKILL);
#endif
        std::_Exit(137); // no signals here: the next best thing, no destructor runs
    }
    if (named("EXHYPERV_FAIL_AT", name)) return fail("operation.injected_failure", {{"point", name}});
    return {};
}

} // namespace exhyperv::assign

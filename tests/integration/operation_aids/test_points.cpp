#include "test_points.h"

#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace exhyperv::assign {

std::vector<std::string> points_of(const Plan& plan, bool undo) {
    std::vector<std::string> points;
    for (const Step& step : plan.steps)
        for (const char* phase : {".before", ".after-intent", ".after-run", ".after-result"}) {
            if (!undo) points.push_back("step." + step.id + phase);
            if (undo && std::string(phase) != ".after-intent") points.push_back("undo." + step.id + phase);
        }
    if (!undo) {
        points.insert(points.begin(), "operation.begin");
        points.push_back("operation.before-end");
        points.push_back("operation.after-end");
    }
    return points;
}

bool killed_at(const std::string& point, const std::function<void()>& work) {
    const pid_t child = fork();
    if (child == 0) {
        setenv("EXHYPERV_KILL_AT", point.c_str(), 1);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

Injected::Injected(const std::string& point) {
    setenv("EXHYPERV_FAIL_AT", point.c_str(), 1);
}

Injected::~Injected() {
    unsetenv("EXHYPERV_FAIL_AT");
}

} // namespace exhyperv::assign

#include "transport/sim/world/jobs.h"

#include <algorithm>

namespace exhyperv::sim {

JobProgress progress_of(const Job& job, std::int64_t now_ms) {
    if (job.finished_ms != 0 && now_ms >= job.finished_ms) {
        JobProgress done{job.state, 100};
        if (!done.ok()) done.percent = job.stops_at_percent;
        return done;
    }
    auto whole = std::max<std::int64_t>(1, job.due_ms - job.submitted_ms);
    auto done = std::clamp<std::int64_t>((now_ms - job.submitted_ms) * 100 / whole, 0, 99);
    auto percent = std::min<std::uint16_t>(static_cast<std::uint16_t>(done), job.stops_at_percent);
    return {percent < 10 ? job_state::starting : job_state::running, percent};
}

} // namespace exhyperv::sim

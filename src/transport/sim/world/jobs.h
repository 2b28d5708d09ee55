#pragma once

#include "transport/sim/world/world.h"

namespace exhyperv::sim {

/// Msvm_ConcreteJob.JobState.
namespace job_state {
inline constexpr std::uint16_t starting = 3, running = 4, completed = 7, terminated = 8, killed = 9, exception = 10,
                               completed_with_warnings = 32768;
}

struct JobProgress {
    std::uint16_t state = job_state::running;
    std::uint16_t percent = 0;
    [[nodiscard]] bool finished() const { return state >= job_state::completed; }
    [[nodiscard]] bool ok() const {
        return state == job_state::completed || state == job_state::completed_with_warnings;
    }
};
[[nodiscard]] JobProgress progress_of(const Job& job, std::int64_t now_ms);

} // namespace exhyperv::sim

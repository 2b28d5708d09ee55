#pragma once

#include "../../unit/sim/material/scratch.h"

#include "support/result.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace exhyperv::drivers::test {

/// What independent programs see of an image: entries by path, without what tells only when something was done.
using Picture = std::map<std::string, std::string>;

/// A job on an image, which is to be killed.
struct KillCase {
    const char* name;
    std::string from; ///< the image before
    std::function<Result<>(const std::string& image)> work;
    Picture before, after;
};

struct KillJudges {
    std::function<Picture(const std::string& image, const std::string& what)> picture;
    /// What else must hold after the next start has redone or dropped what the kill left.
    std::function<void(const std::string& image, const std::string& what)> sound;
};

/// Kills each job in turn at random moments, EXHYPERV_KILLS times in all (8 without it), a quarter of them in the
/// commit and a quarter towards the end. After each: the image is as before or complete, nothing is left beside it once
/// it has been opened, and the job, done again, completes it. Prints the counts.
void kill_at_random_moments(const sim::Scratch& scratch, const std::vector<KillCase>& cases, const KillJudges& judges);

} // namespace exhyperv::drivers::test

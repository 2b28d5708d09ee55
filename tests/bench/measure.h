#pragma once

#include "support/result.h"

#include <functional>
#include <string>
#include <vector>

namespace exhyperv::bench {

/// Seconds that an action took, one entry a round.
struct Series {
    std::vector<double> seconds;
    [[nodiscard]] bool empty() const { return seconds.empty(); }
    [[nodiscard]] double median() const;
    [[nodiscard]] std::string text() const; ///< "1.42 s [1.05–2.06]", "23 ms [21–30]"
};

/// Runs the action and adds its time. Its error ends the benchmark.
Result<> measure(Series& series, const std::function<Result<>()>& action);

/// Prints one line of the report: what, figure, comparison, goal, and whether it is met. Returns `met`.
bool report(const std::string& what, const std::string& figure, const std::string& goal, bool met);
void report_missing(const std::string& what, const std::string& why);

/// Runs a program through the shell; an error unless it ends with status 0.
Result<> shell(const std::string& command);
/// A path as one word of a shell command.
std::string shell_quoted(const std::string& path);

} // namespace exhyperv::bench

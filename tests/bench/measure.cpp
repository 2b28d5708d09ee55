#include "measure.h"

#include "support/strings.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>

namespace exhyperv::bench {

namespace {

std::string span_text(double seconds) {
    return seconds < 0.1 ? fmt::format("{:.1f} ms", seconds * 1000) : fmt::format("{:.2f} s", seconds);
}

} // namespace

double Series::median() const {
    if (seconds.empty()) return 0;
    auto sorted = seconds;
    std::ranges::sort(sorted);
    std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::string Series::text() const {
    if (seconds.size() < 2) return span_text(median());
    auto [least, most] = std::ranges::minmax(seconds);
    return fmt::format("{} [{}–{}]", span_text(median()), span_text(least), span_text(most));
}

Result<> measure(Series& series, const std::function<Result<>()>& action) {
    auto start = std::chrono::steady_clock::now();
    TRY(action());
    series.seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    return {};
}

bool report(const std::string& what, const std::string& figure, const std::string& goal, bool met) {
    fmt::print("{:<58} {:<42} goal {:<22} {}\n", what, figure, goal, met ? "met" : "NOT MET");
    std::fflush(stdout);
    return met;
}

void report_missing(const std::string& what, const std::string& why) {
    fmt::print("{:<58} not available here: {}\n", what, why);
    std::fflush(stdout);
}

Result<> shell(const std::string& command) {
    int status = std::system(command.c_str());
    if (status == 0) return {};
    return fail("bench.command_failed", {{"command", command}, {"status", std::to_string(status)}});
}

std::string shell_quoted(const std::string& path) {
    return "'" + replace_all(path, "'", "'\\''") + "'";
}

} // namespace exhyperv::bench

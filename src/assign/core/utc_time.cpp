#include "assign/core/utc_time.h"

#include <fmt/format.h>

#include <chrono>

namespace exhyperv::assign {

namespace {

struct Parts {
    int year;
    unsigned month, day;
    long long hour, minute, second, millisecond;
};

Parts now() {
    using namespace std::chrono;
    const auto time = floor<milliseconds>(system_clock::now());
    const auto midnight = floor<days>(time);
    const year_month_day date{midnight};
    const hh_mm_ss clock{time - midnight};
    return {int(date.year()),
            unsigned(date.month()),
            unsigned(date.day()),
            clock.hours().count(),
            clock.minutes().count(),
            static_cast<long long>(clock.seconds().count()),
            static_cast<long long>(clock.subseconds().count())};
}

} // namespace

std::string utc_now() {
    const Parts p = now();
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

std::string utc_file_stamp() {
    const Parts p = now();
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}{:03}Z", p.year, p.month, p.day, p.hour, p.minute, p.second,
                       p.millisecond);
}

} // namespace exhyperv::assign

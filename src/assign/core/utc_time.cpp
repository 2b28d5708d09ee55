#include "assign/core/utc_time.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace exhyperv::assign {

namespace {

struct Parts {
    int year;
    unsigned month, day;
    long long hour, minute, second, millisecond;
};

Parts parts_of(std::chrono::sys_time<std::chrono::milliseconds> time) {
    using namespace std::chrono;
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

Parts now() {
    return parts_of(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

std::string text_of(const Parts& p) {
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

} // namespace

std::string utc_now() {
    return text_of(now());
}

std::string utc_after(const std::string& time, int minutes) {
    using namespace std::chrono;
    int y = 0;
    unsigned mo = 0, d = 0, h = 0, mi = 0, s = 0;
    if (std::sscanf(time.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ", &y, &mo, &d, &h, &mi, &s) != 6) return time;
    const year_month_day date{year{y}, month{mo}, day{d}};
    if (!date.ok() || h > 23 || mi > 59 || s > 60) return time;
    return text_of(
        parts_of(sys_days{date} + hours{h} + std::chrono::minutes{mi} + seconds{s} + std::chrono::minutes{minutes}));
}

std::string time_of_stamp(const std::string& stamp) {
    Parts p{};
    char end = 0;
    if (std::sscanf(stamp.c_str(), "%4d%2u%2uT%2lld%2lld%2lld%3lld%c", &p.year, &p.month, &p.day, &p.hour, &p.minute,
                    &p.second, &p.millisecond, &end) != 8 ||
        end != 'Z')
        return {};
    return text_of(p);
}

std::string utc_file_stamp() {
    const Parts p = now();
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}{:03}Z", p.year, p.month, p.day, p.hour, p.minute, p.second,
                       p.millisecond);
}

std::string later_stamp(std::string stamp) {
    const std::string before = stamp;
    for (auto digit = stamp.rbegin(); digit != stamp.rend(); ++digit) {
        if (*digit < '0' || *digit > '9') continue; // the letters between date and time
        if (*digit != '9') {
            ++*digit;
            return stamp;
        }
        *digit = '0';
    }
    return before;
}

} // namespace exhyperv::assign

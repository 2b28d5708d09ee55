#include "transport/sim/world/ids.h"

#include "support/strings.h"

#include <fmt/format.h>

namespace exhyperv::sim::ids {

std::string setting(const Guid& owner) {
    return "Microsoft:" + owner.str();
}

std::string component(const Guid& owner, std::string_view suffix) {
    return fmt::format("Microsoft:{}\\{}", owner.str(), suffix);
}

std::optional<Parsed> parse(std::string_view instance_id) {
    constexpr std::string_view prefix = "Microsoft:";
    if (!istarts_with(instance_id, prefix)) return std::nullopt;
    auto rest = instance_id.substr(prefix.size());
    auto slash = rest.find('\\');
    auto owner = Guid::parse(rest.substr(0, slash));
    if (!owner) return std::nullopt;
    return Parsed{*owner, slash == rest.npos ? std::string() : std::string(rest.substr(slash + 1))};
}

std::string datetime(std::int64_t ms) {
    auto seconds = ms / 1000, days = seconds / 86400, rest = seconds % 86400;
    // Civil date from days since 1970 (proleptic Gregorian), by 400-year eras that start in March.
    auto z = days + 719468, era = z / 146097, day_of_era = z - era * 146097;
    auto year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    auto shifted = (5 * day_of_year + 2) / 153;
    auto day = day_of_year - (153 * shifted + 2) / 5 + 1, month = shifted < 10 ? shifted + 3 : shifted - 9;
    auto year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}.{:03}000+000", year, month, day, rest / 3600, rest / 60 % 60,
                       rest % 60, ms % 1000);
}

std::string interval(std::int64_t ms) {
    auto seconds = ms / 1000;
    return fmt::format("{:08}{:02}{:02}{:02}.{:03}000:000", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60,
                       seconds % 60, ms % 1000);
}

} // namespace exhyperv::sim::ids

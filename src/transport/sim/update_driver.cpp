#include "transport/sim/update_driver.h"

#include "support/strings.h"
#include "transport/sim/material/spec_json.h"
#include "transport/sim/scenario/furnish.h"
#include "transport/sim/sim_host_impl.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::sim {

namespace {

bool is_version(const std::string& version) {
    const auto parts = split(version, '.');
    return parts.size() == 4 && std::ranges::all_of(parts, [](const auto& part) {
               const auto number = parse_u64(part);
               return number && *number <= 65535 && part.find_first_not_of("0123456789") == std::string::npos;
           });
}

/// The day after: an update is never older than what it replaces.
std::string next_day(const std::string& iso) {
    using namespace std::chrono;
    if (iso.size() != 10) return iso;
    const auto number = [&](std::size_t at, std::size_t count) {
        return static_cast<int>(parse_u64(iso.substr(at, count)).value_or(1));
    };
    const sys_days day = year{number(0, 4)} / month{static_cast<unsigned>(number(5, 2))} /
                         std::chrono::day{static_cast<unsigned>(number(8, 2))};
    const year_month_day next(day + days(1));
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(next.year()), static_cast<unsigned>(next.month()),
                       static_cast<unsigned>(next.day()));
}

Result<std::string> update(World& world, PciFunction& function, const std::string& version) {
    const auto old = std::ranges::find_if(world.packages, [&](const auto& p) { return iequals(p.inf, function.inf); });
    if (function.inf.empty() || old == world.packages.end() || old->spec.empty())
        return fail("sim.no_driver", {{"card", function.name}});
    TRY_ASSIGN(auto spec, package_spec_from_json(nlohmann::json::parse(old->spec, nullptr, false), ""));
    const auto before = function.driver_version;
    spec.version = version;
    spec.date = next_day(function.driver_date);
    spec.seed += 1;
    const auto text = to_json(with_defaults(spec)).dump();
    std::string published;
    for (const auto& known : world.packages)
        if (known.spec == text && published.empty()) published = known.inf;
    if (published.empty())
        for (const auto& package : store_packages(with_defaults(spec))) {
            const auto inf = fmt::format("oem{}.inf", 10 + world.packages.size());
            if (published.empty()) published = inf;
            world.packages.push_back({inf, package.directory, text, false});
        }
    function.inf = published;
    function.driver_version = version;
    function.driver_date = spec.date;
    const auto number = parse_u64(function.driver_key.substr(function.driver_key.rfind('\\') + 1)).value_or(0);
    for (const auto& key : package_registry(with_defaults(spec), static_cast<std::uint32_t>(number), published))
        for (const auto& value : key.values)
            set_value(world, key.path, value);
    return before;
}

} // namespace

Result<std::string> update_driver(host::Host& host, const std::string& instance_path, const std::string& version) {
    if (!is_version(version)) return fail("sim.bad_driver_version", {{"version", version}});
    auto& simulated = static_cast<SimHost&>(host);
    Result<std::string> before = fail("sim.no_driver", {{"card", instance_path}});
    TRY(simulated.intervene([&](World& world) {
        if (auto* function = find_function(world, instance_path)) before = update(world, *function, version);
    }));
    return before;
}

} // namespace exhyperv::sim

#pragma once

#include "support/result.h"
#include "transport/sim/world/world.h"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace exhyperv::sim {

/// "large?vms=500&lag=200" taken apart.
struct ScenarioName {
    std::string name; ///< "large", or the path of a file
    std::map<std::string, std::string> parameters;
    bool is_file = false;
    /// Directory name of the scenario's state: name and the parameters that change the world.
    [[nodiscard]] std::string id() const;
};
/// Errors: sim.bad_parameter.
[[nodiscard]] Result<ScenarioName> parse_scenario_name(const std::string& text);

/// Parameters that adjust this process only (answers, job_ms, lag_ms, latency_ms); everything else belongs to the
/// world.
[[nodiscard]] bool is_tuning_parameter(std::string_view name);
/// Errors: sim.bad_parameter.
[[nodiscard]] Result<> apply_tuning(const ScenarioName& name, Tuning& tuning);

struct BuiltIn {
    std::string_view name, title, parameters;
    std::string_view text; ///< JSON; empty: made by a function
};
[[nodiscard]] std::span<const BuiltIn> built_in_scenarios();

/// The world of a scenario. `now_ms` dates what is in it.
/// Errors: sim.unknown_scenario, sim.bad_parameter, sim.bad_scenario, file.*.
[[nodiscard]] Result<World> make_world(const ScenarioName& name, std::int64_t now_ms);
/// From JSON text; `file` names it in errors. Error: sim.bad_scenario (file, line, field, found, expected).
[[nodiscard]] Result<World> load_scenario(std::string_view text, const std::string& file, std::int64_t now_ms);
/// A world with many VMs and devices. Error: sim.bad_parameter.
[[nodiscard]] Result<World> make_large_world(const ScenarioName& name, std::int64_t now_ms);

} // namespace exhyperv::sim

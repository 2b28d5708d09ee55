#include "transport/sim/sim_host.h"

#include "platform/file.h"
#include "transport/sim/clock.h"
#include "transport/sim/scenario/scenario.h"
#include "transport/sim/sim_host_impl.h"

#include <filesystem>

namespace exhyperv::sim {

namespace {

constexpr std::uint64_t kScriptLimit = 1u << 20;
constexpr auto kInterventionTime = std::chrono::seconds(30);

std::string scenario_directory(const SimOptions& options, const ScenarioName& name) {
    return options.data_directory.empty() ? std::string() : options.data_directory + "/sim/" + name.id();
}

Result<ScenarioName> scenario_name(const SimOptions& options) {
    if (options.scenario_text.empty()) return parse_scenario_name(options.scenario);
    ScenarioName name;
    name.name = options.scenario;
    return name;
}

std::int64_t now_of(const SimOptions& options) {
    return (options.clock ? options.clock : system_clock())->now_ms();
}

Result<World> new_world(const SimOptions& options, const ScenarioName& name) {
    if (!options.scenario_text.empty()) return load_scenario(options.scenario_text, name.name, now_of(options));
    return make_world(name, now_of(options));
}

void apply_options(const SimOptions& options, Tuning& tuning) {
    if (options.answers) tuning.answers = static_cast<std::uint8_t>(*options.answers);
    if (options.latency) tuning.latency_ms = static_cast<std::uint32_t>(options.latency->count());
    if (options.job_duration) tuning.job_ms = static_cast<std::uint32_t>(options.job_duration->count());
    if (options.registration_lag) tuning.lag_ms = static_cast<std::uint32_t>(options.registration_lag->count());
}

} // namespace

SimHost::SimHost(Parts parts)
    : keeper_(std::move(parts.keeper)),
      workshop_(std::move(parts.tree), std::move(parts.progress)), base_{*keeper_, std::move(parts.script),
                                                                         std::move(parts.scenario_script)},
      cim_(base_, workshop_, std::move(parts.name)), devices_(base_), registry_(base_), files_(*keeper_, workshop_),
      uri_(std::move(parts.uri)), elevated_(parts.elevated), address_bits_(parts.address_bits) {
    keeper_->set_disks(&workshop_);
}

Result<> SimHost::intervene(const std::function<void(World&)>& change) {
    return keeper_->change(CallContext::within(kInterventionTime), [&](World& world, std::int64_t) -> Result<> {
        change(world);
        return {};
    });
}

Result<World> SimHost::world() {
    World copy;
    auto looked =
        keeper_->read(CallContext::within(kInterventionTime), [&](const World& world, std::int64_t) -> Result<> {
            copy = world;
            return {};
        });
    TRY(std::move(looked));
    return copy;
}

Result<std::unique_ptr<host::Host>> make_host(const SimOptions& options) {
    TRY_ASSIGN(auto name, scenario_name(options));
    const auto directory = scenario_directory(options, name);
    Tuning check;
    TRY(apply_tuning(name, check));
    SimHost::Parts parts{.keeper = nullptr, .tree = HostTree(directory.empty() ? std::string() : directory + "/files")};
    TRY_ASSIGN(parts.keeper,
               Keeper::open(options.in_memory ? std::string() : directory,
                            options.clock ? options.clock : system_clock(), [&] { return new_world(options, name); }));
    parts.keeper->set_tuning([options, name](Tuning& tuning) {
        (void)apply_tuning(name, tuning); // checked above
        apply_options(options, tuning);
    });
    if (!options.fault_script.empty()) {
        TRY_ASSIGN(auto text, platform::read_text_file(options.fault_script, kScriptLimit));
        TRY_ASSIGN(parts.script, host::FaultScript::parse(text));
    }
    std::string faults;
    auto looked =
        parts.keeper->read(CallContext::within(kInterventionTime), [&](const World& world, std::int64_t) -> Result<> {
            parts.name = world.host.name;
            parts.elevated = world.host.elevated;
            parts.address_bits = world.host.physical_address_bits;
            faults = world.faults;
            return {};
        });
    TRY(std::move(looked));
    if (!faults.empty()) {
        TRY_ASSIGN(parts.scenario_script, host::FaultScript::parse(faults));
    }
    parts.progress = options.progress;
    parts.uri = options.uri.empty() ? "sim:" + options.scenario : options.uri;
    return std::unique_ptr<host::Host>(std::make_unique<SimHost>(std::move(parts)));
}

Result<> reset(const SimOptions& options) {
    TRY_ASSIGN(auto name, scenario_name(options));
    const auto directory = scenario_directory(options, name);
    if (directory.empty())
        return fail("sim.bad_parameter", {{"parameter", "data_directory"}, {"value", ""}, {"expected", "path"}});
    TRY_ASSIGN(auto world, new_world(options, name));
    // Files first: a state that speaks of disks which are gone would be worse than disks nobody speaks of.
    return Keeper::replace(directory, world, CallContext::within(kInterventionTime), [&]() -> Result<> {
        std::error_code error;
        std::filesystem::remove_all(directory + "/files", error);
        if (error)
            return fail(Error{
                "file.io", {{"path", directory + "/files"}}, {NativeKind::posix, error.value()}, {}, error.message()});
        return {};
    });
}

std::vector<ScenarioInfo> scenarios() {
    std::vector<ScenarioInfo> out;
    for (const auto& scenario : built_in_scenarios())
        out.push_back({std::string(scenario.name), std::string(scenario.title), std::string(scenario.parameters)});
    return out;
}

} // namespace exhyperv::sim

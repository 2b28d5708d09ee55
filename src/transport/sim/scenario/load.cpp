#include "transport/sim/scenario/load.h"

#include "host/fault_script.h"
#include "platform/file.h"
#include "support/strings.h"
#include "transport/sim/scenario/scenario.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace exhyperv::sim {

namespace {

constexpr std::uint64_t kFileLimit = 8u << 20;
constexpr int kDepthLimit = 32;

tl::unexpected<Error> bad_scenario(const std::string& file, std::size_t line, const ReadProblem& problem) {
    return fail("sim.bad_scenario",
                {{"file", file},
                 {"line", std::to_string(line)},
                 {"field", problem.field},
                 {"found", problem.found},
                 {"expected", problem.expected}},
                fmt::format("line {}, {}: {} (expected {})", line, problem.field, problem.found, problem.expected));
}

std::size_t line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<std::size_t>(std::count(
                   text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())), '\n'));
}

struct Parsed {
    nlohmann::json document;
    std::optional<std::string>
        twice; ///< a key that one object has two times: JSON readers would silently take the last
    std::size_t error_at = 0;
    bool ok = true, too_deep = false;
};

Parsed parse(std::string_view text) {
    Parsed out;
    std::vector<std::set<std::string>> keys;
    auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
        using Event = nlohmann::json::parse_event_t;
        if (depth > kDepthLimit) out.too_deep = true;
        if (event == Event::object_start) keys.emplace_back();
        if (event == Event::object_end && !keys.empty()) keys.pop_back();
        if (event == Event::key && !keys.empty() && !keys.back().insert(value.get<std::string>()).second && !out.twice)
            out.twice = value.get<std::string>();
        return !out.too_deep;
    };
    try {
        out.document = nlohmann::json::parse(text, watch);
    } catch (const nlohmann::json::parse_error& error) {
        out.ok = false;
        out.error_at = error.byte > 0 ? error.byte - 1 : 0;
    }
    return out;
}

} // namespace

Result<World> load_scenario(std::string_view text, const std::string& file, std::int64_t now_ms) {
    auto parsed = parse(text);
    if (parsed.too_deep) return bad_scenario(file, 1, {"/", "…", fmt::format("depth ≤ {}", kDepthLimit)});
    if (!parsed.ok) {
        auto line = line_at(text, parsed.error_at);
        auto rest = parsed.error_at < text.size() ? text.substr(parsed.error_at, 12) : std::string_view("…");
        return bad_scenario(file, line, {"/", std::string(rest.substr(0, rest.find('\n'))), "JSON"});
    }
    if (parsed.twice) {
        auto first = text.find('"' + *parsed.twice + '"');
        auto second = first == text.npos ? first : text.find('"' + *parsed.twice + '"', first + 1);
        return bad_scenario(file, line_at(text, second), {"/" + *parsed.twice, *parsed.twice, "1 ×"});
    }
    Loading loading;
    loading.now_ms = now_ms;
    std::optional<ReadProblem> problem;
    {
        Reader document(parsed.document, "", problem);
        std::string title;
        document.text("title", title);
        load_host(document, loading);
        load_drivers(document, loading);
        load_devices(document, loading);
        load_vms(document, loading);
        if (const auto* faults = document.raw("faults"); faults && !problem) {
            loading.world.faults = nlohmann::json{{"faults", *faults}}.dump();
            if (auto script = host::FaultScript::parse(loading.world.faults); !script) {
                const auto* reason = script.error().arg("reason");
                const auto* place = script.error().arg("place");
                document.wrong("/faults", place ? *place : "–", reason ? *reason : "schema/fault-script.schema.json");
            }
        }
    }
    if (problem) return bad_scenario(file, line_of(text, problem->field), *problem);
    write_host_registry(loading.world);
    return std::move(loading.world);
}

Result<World> make_world(const ScenarioName& name, std::int64_t now_ms) {
    auto with_build = [&](World world) -> Result<World> {
        if (auto build = name.parameters.find("build"); build != name.parameters.end()) {
            auto number = parse_u64(build->second);
            if (!number || *number < 14393 || *number > 99999)
                return fail("sim.bad_parameter",
                            {{"parameter", "build"}, {"value", build->second}, {"expected", "14393 … 99999"}});
            world.host.build = static_cast<std::uint32_t>(*number);
            world.registry.erase(std::remove_if(world.registry.begin(), world.registry.end(),
                                                [](const auto& key) {
                                                    return iequals(key.path,
                                                                   "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion");
                                                }),
                                 world.registry.end());
            for (auto& vm : world.vms)
                vm.version = configuration_version(world.host.build);
        }
        return world;
    };
    if (name.is_file) {
        TRY_ASSIGN(auto text, platform::read_text_file(name.name, kFileLimit));
        TRY_ASSIGN(auto world, load_scenario(text, name.name, now_ms));
        return with_build(std::move(world));
    }
    for (const auto& scenario : built_in_scenarios()) {
        if (scenario.name != name.name) continue;
        TRY_ASSIGN(auto world, scenario.text.empty()
                                   ? make_large_world(name, now_ms)
                                   : load_scenario(scenario.text, std::string(scenario.name), now_ms));
        return with_build(std::move(world));
    }
    std::vector<std::string> names;
    for (const auto& scenario : built_in_scenarios())
        names.emplace_back(scenario.name);
    return fail("sim.unknown_scenario", {{"scenario", name.name}, {"known", join(names, ", ")}});
}

} // namespace exhyperv::sim

#include "transport/sim/scenario/scenario.h"

#include "platform/file.h"
#include "support/strings.h"
#include "transport/sim/sim_host.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kTuning[] = {"answers", "job_ms", "lag_ms", "latency_ms"};
constexpr std::uint64_t kLongest = 600'000;

tl::unexpected<Error> bad_parameter(const std::string& name, const std::string& value, const std::string& expected) {
    return fail("sim.bad_parameter", {{"parameter", name}, {"value", value}, {"expected", expected}});
}

/// FNV-1a: two files of one name get two directories.
std::uint32_t short_hash(std::string_view text) {
    std::uint32_t hash = 2166136261u;
    for (char c : text)
        hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
    return hash;
}

std::string safe(std::string_view text) {
    std::string out;
    for (char c : text)
        out += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ? c
                                                                                                                  : '_';
    return out;
}

} // namespace

std::string ScenarioName::id() const {
    auto out = is_file ? fmt::format("{}-{:08x}", safe(platform::file_name_of(name)),
                                     short_hash(platform::absolute_path(name).value_or(name)))
                       : safe(name);
    for (const auto& [key, value] : parameters)
        if (!is_tuning_parameter(key)) out += "-" + safe(key) + safe(value);
    return out;
}

Result<ScenarioName> parse_scenario_name(const std::string& text) {
    ScenarioName out;
    auto question = text.find('?');
    out.name = text.substr(0, question);
    if (out.name.empty()) out.name = "workstation";
    out.is_file = out.name.find('/') != out.name.npos || out.name.find('\\') != out.name.npos ||
                  ascii_lower(out.name).ends_with(".json");
    if (question == text.npos) return out;
    for (const auto& pair : split(std::string_view(text).substr(question + 1), '&')) {
        auto equals = pair.find('=');
        auto key = pair.substr(0, equals), value = equals == pair.npos ? std::string() : pair.substr(equals + 1);
        if (key.empty() || value.empty() || out.parameters.contains(key)) return bad_parameter(key, value, "key=value");
        const auto known =
            is_tuning_parameter(key) || key == "build" || (out.name == "large" && (key == "vms" || key == "devices"));
        if (!known)
            return bad_parameter(key, value,
                                 out.name == "large" ? "vms, devices, build, answers, job_ms, lag_ms, latency_ms"
                                                     : "build, answers, job_ms, lag_ms, latency_ms");
        out.parameters[key] = value;
    }
    return out;
}

bool is_tuning_parameter(std::string_view name) {
    return std::find(std::begin(kTuning), std::end(kTuning), name) != std::end(kTuning);
}

Result<> apply_tuning(const ScenarioName& name, Tuning& tuning) {
    for (const auto& [key, value] : name.parameters) {
        if (!is_tuning_parameter(key)) continue;
        if (key == "answers") {
            if (value == "natural")
                tuning.answers = static_cast<std::uint8_t>(Answers::natural);
            else if (value == "sync")
                tuning.answers = static_cast<std::uint8_t>(Answers::synchronous);
            else if (value == "job")
                tuning.answers = static_cast<std::uint8_t>(Answers::job);
            else
                return bad_parameter(key, value, "natural, sync, job");
            continue;
        }
        auto number = parse_u64(value);
        if (!number || *number > kLongest) return bad_parameter(key, value, fmt::format("0 … {}", kLongest));
        auto ms = static_cast<std::uint32_t>(*number);
        if (key == "job_ms")
            tuning.job_ms = ms;
        else if (key == "lag_ms")
            tuning.lag_ms = ms;
        else
            tuning.latency_ms = ms;
    }
    return {};
}

} // namespace exhyperv::sim
